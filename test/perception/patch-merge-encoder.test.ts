import { expect, it } from 'vitest';
import { tf } from '../../src/compute/tf.ts';
import { BadPicture } from '../../src/errors.ts';
import { patchMergeEncoder } from '../../src/perception/patch-merge-encoder.ts';
import { normalisePixels, requireSize } from '../../src/perception/preprocess.ts';
import { itEncodes } from '../contracts/encoder.contract.ts';

itEncodes('patch-merge', (options) => patchMergeEncoder({ ...options, channels: [4, 4, 8], hidden: 8 }));

it('refuses a size that patches and merges do not divide', () => {
  expect(() => patchMergeEncoder({ imageSize: 72 })).toThrow(
    'imageSize must be a multiple of 32 (patch x 2^merges), got 72',
  );
});

it('takes the mean picture off', () => {
  const bytes = tf.fill([1, 2, 2, 3], 192);
  const values = normalisePixels(bytes, tf.fill([2, 2, 3], 128)).dataSync();
  expect([...values]).toEqual(new Array(12).fill(1));
});

it('refuses frames of another size, or with bytes missing', () => {
  const frame = { width: 16, height: 16, data: new Uint8Array(768) };
  expect(requireSize(frame, 16)).toBe(frame);
  expect(() => requireSize(frame, 32)).toThrow(BadPicture);
  expect(() => requireSize(frame, 32)).toThrow('a frame must be 32x32 for this model, got 16x16');
  expect(() => requireSize({ ...frame, data: new Uint8Array(10) }, 16)).toThrow(
    'a 16x16 frame must have 768 bytes, got 10',
  );
});
