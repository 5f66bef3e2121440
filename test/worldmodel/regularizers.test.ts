import { expect, it } from 'vitest';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';
import { regularizers, vicreg } from '../../src/worldmodel/regularizers.ts';
import { drawDirections } from '../../src/worldmodel/sigreg.ts';

const cloud = (scale: number) =>
  tf.tensor3d(
    seeded(1)
      .normals(2 * 256 * 4)
      .map((v) => v * scale),
    [2, 256, 4],
  );
const directions = tf.tensor2d(drawDirections(4, 16, seeded(2)), [4, 16]);
const value = (name: keyof typeof regularizers, latents: tf.Tensor3D) =>
  regularizers[name]()(latents, { directions }).dataSync()[0]!;

it.each(['sigreg', 'vicreg'] as const)('%s punishes collapse far more than a standard normal cloud', (name) => {
  expect(value(name, cloud(1e-3))).toBeGreaterThan(5 * value(name, cloud(1)));
});

it('sigreg keeps its weight whatever the batch: the statistic carries a factor N', () => {
  const point = (count: number) =>
    regularizers
      .sigreg()(tf.zeros([1, count, 4]), { directions })
      .dataSync()[0]!;
  expect(point(64)).toBeCloseTo(point(256), 3);
  expect(point(128)).toBeCloseTo(0.09 * 51.462, 2);
});

it('vicreg punishes dimensions that say the same thing', () => {
  const one = seeded(3).normals(256);
  const copied = tf.tensor3d(
    Float32Array.from({ length: 1024 }, (_, i) => one[Math.floor(i / 4)]!),
    [1, 256, 4],
  );
  expect(vicreg(copied).dataSync()[0]!).toBeGreaterThan(vicreg(cloud(1)).dataSync()[0]! + 0.1);
});

it('none lets it collapse', () => expect(value('none', cloud(1e-3))).toBe(0));
