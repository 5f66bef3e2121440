import { describe, expect, it } from 'vitest';
import { initialise } from '../../src/compute/layers.ts';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';
import type { Predictor } from '../../src/worldmodel/predictor.ts';

const [SAMPLES, DIM, BLOCK] = [3, 6, 4];

/** What every predictor is held to, made for latents of 6, blocks of 4 and a context. */
export function itPredicts(
  name: string,
  make: (options: { latentDim: number; blockSize: number; contextLength: number }) => Predictor,
): void {
  describe.each([1, 2])(`${name} is a predictor that looks back on %d`, (contextLength) => {
    const predictor = make({ latentDim: DIM, blockSize: BLOCK, contextLength });
    const drawn = initialise(predictor.params, seeded(1));
    const params = Object.fromEntries(
      Object.entries(predictor.params).map(([weight, { shape }]) => {
        const noise = seeded(3).fork(weight).normals(drawn[weight]!.length); // weights that begin at 0 shall matter
        return [
          weight,
          tf.tensor(
            drawn[weight]!.map((value, i) => value + 0.1 * noise[i]!),
            [...shape],
          ),
        ];
      }),
    );
    const window = predictor.window ?? contextLength;
    const rows = (length: number, width: number, seed: number) =>
      tf.tensor3d(seeded(seed).normals(SAMPLES * length * width), [SAMPLES, length, width]);

    it('says how far it looks back', () => {
      expect(predictor.contextLength).toBe(contextLength);
      expect(window).toBeGreaterThanOrEqual(contextLength);
    });

    it.each(Array.from({ length: window - contextLength + 1 }, (_, i) => contextLength + i))(
      'gives one latent a sample, each by itself, from %d latents',
      (length) => {
        const [latents, blocks] = [rows(length, DIM, 5), rows(length, BLOCK, 6)];
        const all = predictor.predict(params, latents, blocks);
        expect(all.shape).toEqual([SAMPLES, DIM]);
        const second = (x: tf.Tensor3D) => tf.slice(x, [1, 0, 0], [1, -1, -1]);
        const alone = predictor.predict(params, second(latents), second(blocks)).dataSync();
        alone.forEach((value, i) => {
          expect(value).toBeCloseTo(all.dataSync()[DIM + i]!, 4);
        });
      },
    );

    it('heeds every latent and every action in its window', () => {
      const total = (latents: tf.Tensor, blocks: tf.Tensor) =>
        tf.sum(tf.square(predictor.predict(params, latents as tf.Tensor3D, blocks as tf.Tensor3D))) as tf.Scalar;
      for (const gradient of tf.grads(total)([rows(window, DIM, 5), rows(window, BLOCK, 6)]))
        expect(gradient.dataSync().every((value) => value !== 0)).toBe(true);
    });

    it('learns with every weight', () => {
      const names = Object.keys(predictor.params);
      const [latents, blocks] = [rows(window, DIM, 5), rows(window, BLOCK, 6)];
      const loss = (...values: tf.Tensor[]) => {
        const given = Object.fromEntries(names.map((each, i) => [each, values[i]!]));
        return tf.sum(tf.square(predictor.predict(given, latents, blocks))) as tf.Scalar;
      };
      tf.grads(loss)(names.map((each) => params[each]!)).forEach((gradient, i) => {
        expect(
          gradient.dataSync().some((value) => value !== 0),
          names[i],
        ).toBe(true);
      });
    });
  });
}
