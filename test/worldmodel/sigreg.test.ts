import { describe, expect, it } from 'vitest';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';
import { drawDirections, SIGREG_FLOOR, sigreg, sigregWeights } from '../../src/worldmodel/sigreg.ts';

const B = 128;
/** The statistic of one-dimensional samples along the direction (1). */
const along = (values: ArrayLike<number>) =>
  tf.tidy(
    () =>
      sigreg(tf.tensor3d(Float32Array.from(values), [1, values.length, 1]), tf.tensor2d([1], [1, 1])).dataSync()[0]!,
  );

/** The statistic at B = 128 for an exact characteristic function. */
const exact = (characteristic: (t: number) => number) =>
  B *
  sigregWeights.reduce(
    (sum, w, k) => sum + w * (characteristic((3 * k) / 16) - Math.exp(-(((3 * k) / 16) ** 2) / 2)) ** 2,
    0,
  );
const normal = (s: number) => exact((t) => Math.exp(-(s * s * t * t) / 2));

describe('sigreg', () => {
  it('weighs its knots as published', () => {
    const published = [
      0.1875, 0.368466, 0.349538, 0.320129, 0.283065, 0.241646, 0.199161, 0.158475, 0.121745, 0.090296, 0.064658,
      0.0447, 0.029835, 0.019225, 0.011961, 0.007184, 0.002083,
    ];
    published.forEach((weight, k) => {
      expect(sigregWeights[k]).toBeCloseTo(weight, 5);
    });
    expect(sigregWeights.reduce((a, b) => a + b)).toBeCloseTo(2.499666, 5);
    expect(SIGREG_FLOOR).toBeCloseTo(1.0525, 4);
  });

  it.each([
    [0.5, 19.3525],
    [0.9, 0.6584],
    [1.1, 0.5766],
    [2, 30.2197],
  ])('reads the published value for N(0, %d^2)', (s, value) => expect(normal(s)).toBeCloseTo(value, 3));

  it('reads 51.462 for a collapsed batch', () => expect(along(new Float32Array(B))).toBeCloseTo(51.462, 2));

  it('reads 13.162 for plus and minus one', () =>
    expect(along(Array.from({ length: B }, (_, i) => (i % 2 ? 1 : -1)))).toBeCloseTo(13.162, 2));

  it('reads 2.060 for a uniform of unit variance', () => {
    const grid = Array.from({ length: 4096 }, (_, i) => Math.sqrt(12) * ((i + 0.5) / 4096 - 0.5));
    expect((along(grid) * B) / 4096).toBeCloseTo(2.06, 2);
  });

  it('reads its floor on average for samples of a standard normal', () => {
    const random = seeded(5);
    const latents = random.normals(40 * B * 8);
    const directions = drawDirections(8, 64, random);
    const value = tf.tidy(
      () => sigreg(tf.tensor3d(latents, [40, B, 8]), tf.tensor2d(directions, [8, 64])).dataSync()[0]!,
    );
    expect(value).toBeGreaterThan(SIGREG_FLOOR * 0.9);
    expect(value).toBeLessThan(SIGREG_FLOOR * 1.1);
  });

  it('judges each time step by itself: two steps of opposite sign do not make up for each other', () => {
    const value = tf.tidy(() => {
      const steps = tf.concat([tf.ones([1, B, 1]), tf.neg(tf.ones([1, B, 1]))], 0) as tf.Tensor3D;
      return sigreg(steps, tf.tensor2d([1], [1, 1])).dataSync()[0]!;
    });
    expect(value).toBeCloseTo(along(new Float32Array(B).fill(1)), 2);
    expect(value).toBeGreaterThan(13.2);
  });

  it('has the gradient of the closed form', () => {
    const random = seeded(9);
    const h = random.normals(16);
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => sigreg(x as tf.Tensor3D, tf.tensor2d([1], [1, 1])))(tf.tensor3d(h, [1, 16, 1]))
        .dataSync(),
    );
    const knots = sigregWeights.map((weight, k) => {
      const t = (3 * k) / 16;
      const c = h.reduce((sum, x) => sum + Math.cos(t * x) / 16, 0);
      const s = h.reduce((sum, x) => sum + Math.sin(t * x) / 16, 0);
      return { weight, t, c: c - Math.exp((-t * t) / 2), s };
    });
    h.forEach((x, i) => {
      const expected = knots.reduce(
        (sum, { weight, t, c, s }) => sum + weight * 2 * t * (-c * Math.sin(t * x) + s * Math.cos(t * x)),
        0,
      );
      expect(gradient[i]).toBeCloseTo(expected, 3);
    });
  });
});

it('draws directions of unit length', () => {
  const directions = drawDirections(6, 4, seeded(1));
  for (let m = 0; m < 4; m++) {
    expect([0, 1, 2, 3, 4, 5].reduce((sum, d) => sum + directions[d * 4 + m]! ** 2, 0)).toBeCloseTo(1, 5);
  }
});
