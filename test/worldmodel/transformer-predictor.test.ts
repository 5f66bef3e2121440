import { expect, it } from 'vitest';
import { initialise } from '../../src/compute/layers.ts';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';
import { transformerPredictor } from '../../src/worldmodel/transformer-predictor.ts';
import { itPredicts } from '../contracts/predictor.contract.ts';

const small = { layers: 2, heads: 2, headSize: 4, hidden: 16, projector: 16, window: 3 };
itPredicts('transformer', (options) => transformerPredictor({ ...options, ...small }));

it('does not heed actions before it has learnt to: modulation begins at nothing', () => {
  const predictor = transformerPredictor({ latentDim: 6, blockSize: 4, ...small });
  const params = Object.fromEntries(
    Object.entries(initialise(predictor.params, seeded(1))).map(([name, data]) => [
      name,
      tf.tensor(data, [...predictor.params[name]!.shape]),
    ]),
  );
  const latents = tf.tensor3d(seeded(2).normals(6), [1, 1, 6]);
  const told = (seed: number) => [
    ...predictor.predict(params, latents, tf.tensor3d(seeded(seed).normals(4), [1, 1, 4])).dataSync(),
  ];
  expect(told(3)).toEqual(told(4));
});

it('has as many weights as the one of LeWM', () => {
  const sizes = { window: 3, layers: 6, heads: 16, headSize: 64, hidden: 2048, projector: 2048, squeezed: 10 };
  const { params } = transformerPredictor({ latentDim: 192, blockSize: 10, ...sizes, projectorNorm: false });
  const count = Object.values(params).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const unbiased = 6 * 3 * 1024; // LeWM's queries, keys and values have no bias
  expect(count).toBe(10_791_360 + 156_206 + 792_768 - 2 * 2048 + unbiased);
});

it('refuses a window shorter than the context', () => {
  expect(() => transformerPredictor({ latentDim: 6, blockSize: 4, contextLength: 3, window: 2 })).toThrow(
    'window must be at least 3, got 2',
  );
});
