import { expect, it } from 'vitest';
import { pictureScales, picturesFor } from '../../src/perception/onnx-encoder.ts';

const bytes = Uint8Array.from({ length: 2 * 2 * 2 * 3 }, (_, i) => i * 10);
const graph = { input: 'x', output: 'y', imageSize: 2 };

it('gives a graph pictures in its order of axes, colours as they were normalised in its training', () => {
  const { mean, std } = pictureScales.imagenet!;
  const planes = picturesFor(bytes, { ...graph, layout: 'nchw', dtype: 'float32' }, pictureScales.imagenet!);
  const [picture, channel, row, column] = [1, 2, 1, 0];
  const byte = bytes[((picture * 2 + row) * 2 + column) * 3 + channel]!;
  expect(planes[((picture * 3 + channel) * 2 + row) * 2 + column]).toBeCloseTo((byte / 255 - mean[2]!) / std[2]!, 5);
  const rows = picturesFor(bytes, { ...graph, layout: 'nhwc', dtype: 'float32' }, pictureScales.bytes!);
  rows.forEach((value, i) => {
    expect(value).toBeCloseTo(bytes[i]!, 3);
  });
});

it('leaves bytes alone where a graph takes bytes', () => {
  expect(picturesFor(bytes, { ...graph, layout: 'nhwc', dtype: 'uint8' }, pictureScales.imagenet!)).toEqual(bytes);
});
