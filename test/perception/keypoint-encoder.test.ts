import { expect, it } from 'vitest';
import { keypointEncoder } from '../../src/perception/keypoint-encoder.ts';
import { itEncodes } from '../contracts/encoder.contract.ts';

itEncodes('keypoint', (options) => keypointEncoder({ ...options, channels: [4, 8, 8], hidden: 8 }));

it('refuses a size that patches do not divide', () => {
  expect(() => keypointEncoder({ imageSize: 70 })).toThrow('imageSize must be a multiple of 4 (patch), got 70');
});
