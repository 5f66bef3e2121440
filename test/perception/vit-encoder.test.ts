import { expect, it } from 'vitest';
import { vitEncoder } from '../../src/perception/vit-encoder.ts';
import { itEncodes } from '../contracts/encoder.contract.ts';

const small = { patch: 8, width: 12, layers: 2, heads: 3, hidden: 16, projector: 16 };
itEncodes('vit', (options) => vitEncoder({ ...options, ...small }));
itEncodes('vit without a norm in its projector', (options) =>
  vitEncoder({ ...options, ...small, projectorNorm: false }),
);

it('has as many weights as the one of LeWM', () => {
  const sizes = { imageSize: 224, patch: 14, width: 192, layers: 12, heads: 3, hidden: 768, projector: 2048 };
  const { params } = vitEncoder({ ...sizes, latentDim: 192, projectorNorm: false });
  const count = Object.values(params).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect(count).toBe(5_501_376 + 792_768 - 2 * 2048); // the projector's batch norm is folded away
});

it('refuses patches and heads that do not divide', () => {
  expect(() => vitEncoder({ imageSize: 60, patch: 8 })).toThrow('imageSize must be a multiple of patch (8), got 60');
  expect(() => vitEncoder({ width: 64, heads: 3 })).toThrow('heads must divide the width 64, got 3');
});
