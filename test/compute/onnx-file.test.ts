import { expect, it } from 'vitest';
import type { Spec } from '../../src/compute/engine.ts';
import { openOnnxFile } from '../../src/compute/onnx-file.ts';
import { tf } from '../../src/compute/tf.ts';
import { trace } from '../../src/compute/trace.ts';

/** A graph that gives the mean of each colour of a picture. */
const colours = (pixels: Spec, axes: number[]) =>
  trace(({ pixels }) => ({ row: tf.mean(tf.cast(pixels!, 'float32'), axes) }), { pixels }).bytes;

it('finds out how a graph takes pictures: their order, type, size and number', async () => {
  const nhwc = await openOnnxFile(colours({ shape: [2, 4, 4, 3], dtype: 'uint8' }, [1, 2]), 'a.onnx');
  expect(nhwc.graph).toMatchObject({ layout: 'nhwc', dtype: 'uint8', imageSize: 4, batch: 2, rowSize: 3 });
  const pixels = Uint8Array.from({ length: 2 * 48 }, (_, i) => (i < 48 ? [9, 20, 30] : [1, 2, 3])[i % 3]!);
  expect([...(await nhwc.run(pixels, 2))]).toEqual([9, 20, 30, 1, 2, 3]);
  await nhwc.dispose();
  const nchw = await openOnnxFile(colours([1, 3, 4, 4], [2, 3]), 'b.onnx');
  expect(nchw.graph).toMatchObject({ layout: 'nchw', dtype: 'float32', imageSize: 4, batch: 1, rowSize: 3 });
  const planes = Float32Array.from({ length: 48 }, (_, i) => [0.5, 2, -1][Math.floor(i / 16)]!);
  expect([...(await nchw.run(planes, 1))]).toEqual([0.5, 2, -1]);
  await nchw.dispose();
});

it('refuses in a line what takes no picture, and what is no graph', async () => {
  await expect(openOnnxFile(colours([1, 4, 5, 3], [1, 2]), 'wide.onnx')).rejects.toThrow(
    'wide.onnx must take one square picture, [N, S, S, 3] or [N, 3, S, S], got float32 [1, 4, 5, 3]',
  );
  const two = trace(({ a, b }) => ({ sum: tf.add(a!, b!) }), { a: [1, 4, 4, 3], b: [1, 4, 4, 3] }).bytes;
  await expect(openOnnxFile(two, 'two.onnx')).rejects.toThrow('got 2 inputs');
  await expect(openOnnxFile(new Uint8Array(9), 'x.bin')).rejects.toThrow('x.bin is no ONNX graph that can be opened');
});
