import { describe, expect, it } from 'vitest';
import { initialise } from '../../src/compute/layers.ts';
import { tf } from '../../src/compute/tf.ts';
import type { Encoder } from '../../src/perception/encoder.ts';
import { seeded } from '../../src/random.ts';

const SIZE = 32;
const DIM = 5;

/** What every encoder is held to, made for pictures of 32 px and latents of 5. */
export function itEncodes(name: string, make: (options: { imageSize: number; latentDim: number }) => Encoder): void {
  describe(`${name} is an encoder`, () => {
    const encoder = make({ imageSize: SIZE, latentDim: DIM });
    const params = Object.fromEntries(
      Object.entries(initialise(encoder.params, seeded(1))).map(([weight, data]) => [
        weight,
        tf.tensor(data, [...encoder.params[weight]!.shape]),
      ]),
    );
    const pictures = tf.tensor4d(seeded(2).normals(3 * SIZE * SIZE * 3), [3, SIZE, SIZE, 3]);

    it('says what it takes and gives', () => {
      expect([encoder.imageSize, encoder.latentDim]).toEqual([SIZE, DIM]);
    });

    it('gives one latent a picture, each by itself', () => {
      const all = encoder.encode(params, pictures);
      expect(all.shape).toEqual([3, DIM]);
      const second = encoder.encode(params, tf.slice(pictures, [1, 0, 0, 0], [1, SIZE, SIZE, 3]));
      const [alone, among] = [second.dataSync(), all.dataSync().slice(DIM, 2 * DIM)];
      alone.forEach((value, i) => {
        expect(value).toBeCloseTo(among[i]!, 4);
      });
    });

    it('sees every pixel', () => {
      const gradient = tf.grad((x) => tf.sum(tf.square(encoder.encode(params, x as tf.Tensor4D))))(pictures);
      expect(gradient.dataSync().every((value) => value !== 0)).toBe(true);
    });

    it('learns with every weight', () => {
      const names = Object.keys(encoder.params);
      const loss = (...values: tf.Tensor[]) =>
        tf.sum(
          tf.square(encoder.encode(Object.fromEntries(names.map((each, i) => [each, values[i]!])), pictures)),
        ) as tf.Scalar;
      tf.grads(loss)(names.map((each) => params[each]!)).forEach((gradient, i) => {
        expect(
          gradient.dataSync().some((value) => value !== 0),
          names[i],
        ).toBe(true);
      });
    });
  });
}
