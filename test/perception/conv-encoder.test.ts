import { expect, it } from 'vitest';
import { convEncoder } from '../../src/perception/conv-encoder.ts';
import { itEncodes } from '../contracts/encoder.contract.ts';

itEncodes('conv', (options) => convEncoder({ ...options, channels: [4, 8, 8], hidden: 8 }));

it('refuses a size that its convolutions do not divide', () => {
  expect(() => convEncoder({ imageSize: 72 })).toThrow(
    'imageSize must be a multiple of 16 (patch x 2^convolutions), got 72',
  );
});
