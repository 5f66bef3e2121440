import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/data/image.ts';
import { readImage } from '../../../src/drivers/ros/messages/image.ts';
import { toPicture } from '../../../src/drivers/ros/picture.ts';
import { partsOf } from '../../../src/drivers/ros/picture-parts.ts';
import { resized } from '../../../src/drivers/ros/resize.ts';
import { captured } from './frames.ts';
import { expectHardened } from './hostile.ts';

const message = captured('Image/cbor');
const whole = readImage(message);

describe('a picture', () => {
  it('is the frame itself unless asked otherwise', () => {
    expect(toPicture('image', message)).toEqual(whole);
    expect(toPicture('compressed', { format: 'png', data: encodePng(whole) })).toEqual(whole);
  });

  it('is stretched, or cut to shape', () => {
    const size = { width: 3, height: 3 };
    expect(toPicture('image', message, { size })).toEqual(resized(whole, size));
    const middle = { width: 6, height: 6, data: whole.data.filter((_, i) => i % 24 >= 3 && i % 24 < 21) };
    expect(toPicture('image', message, { size, crop: 'centre' })).toEqual(resized(middle, size));
  });

  it('of depth has its range', () => {
    const near = toPicture('image', captured('Image16UC1/cbor'), { depth: { nearM: 1.002, farM: 2 } });
    expect(new Set(near.data)).toEqual(new Set([255]));
  });

  it('has parts of its own, in buffers that hold nothing else', () => {
    const socket = new Uint8Array(100).fill(1);
    const { parts, buffers } = partsOf('image', { ...message, data: socket.subarray(10, 20), more: 'left out' });
    expect(Object.keys(parts)).toEqual(['width', 'height', 'encoding', 'is_bigendian', 'step', 'data']);
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([10]);
    expect(partsOf('compressed', { format: 'png', data: 'AAAA' })).toEqual({
      parts: { format: 'png', data: 'AAAA' },
      buffers: [],
    });
  });

  it('survives everything', () => {
    const size = { width: 4, height: 4 };
    expectHardened(
      (any) => toPicture('image', any, { size }),
      [message, captured('Image/none')],
      ({ data }) => {
        expect(data.length).toBe(48);
      },
    );
  });
});
