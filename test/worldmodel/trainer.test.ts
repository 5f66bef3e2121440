import { expect, it } from 'vitest';
import type { Tensors } from '../../src/compute/engine.ts';
import { initialise } from '../../src/compute/layers.ts';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';
import { adamwScalars } from '../../src/worldmodel/adamw.ts';
import { trainDefaults, worldModelTrainer } from '../../src/worldmodel/train.ts';
import { cosineRate, trainingStep } from '../../src/worldmodel/trainer.ts';
import { tinyConfig } from '../support/tiny-model.ts';

const options = { ...trainDefaults, clip: 3, batch: 4, directions: 8 };

/** Inputs of a training step of a tiny model, as tensors. */
function inputsOf(specs: ReturnType<typeof trainingStep>['specs'], weights: Record<string, Float32Array>): Tensors {
  const random = seeded(3);
  const scalars = adamwScalars(1, 1e-3, 1e-3) as Record<string, Float32Array>;
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const shape = ('shape' in spec ? spec.shape : spec) as number[];
      const size = shape.reduce((a, b) => a * b, 1);
      const values =
        weights[name] ??
        scalars[name] ??
        (name.startsWith('m:') || name.startsWith('v:') ? new Float32Array(size) : random.normals(size));
      return [name, tf.tensor(name === 'pixels' ? values.map((v) => 128 + 40 * v) : values, shape)];
    }),
  );
}

it.each([1, 2])('has gradients that agree with finite differences, context length %d', (contextLength) => {
  const config = tinyConfig({ contextLength });
  const { params, loss, inputs } = worldModelTrainer(config, options);
  const names = Object.keys(params);
  const { specs } = trainingStep({ params, loss, inputs });
  const weights = initialise(params, seeded(1));
  const all = inputsOf(specs, weights);
  const total = (...values: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])), all).total;
  const { grads } = tf.valueAndGrads(total)(names.map((name) => all[name]!));
  const random = seeded(8);
  for (const name of ['encoder.c0.w', 'encoder.latent.w', 'encoder.n1.g', 'predictor.in.w', 'predictor.out.b']) {
    const at = names.indexOf(name);
    const direction = tf.tensor(random.normals(weights[name]!.length), all[name]!.shape);
    const step = 1e-2;
    const moved = (sign: number) =>
      total(
        ...names.map((n, i) => (i === at ? tf.add(all[n]!, tf.mul(direction, sign * step)) : all[n]!)),
      ).dataSync()[0]!;
    const numeric = (moved(1) - moved(-1)) / (2 * step);
    const analytic = tf.sum(tf.mul(grads[at]!, direction)).dataSync()[0]!;
    expect(Math.abs(numeric - analytic)).toBeLessThan(0.02 * Math.max(1, Math.abs(analytic)));
  }
});

it('warms up, then follows a cosine to its floor', () => {
  const plan = { peak: 1, steps: 1000, warmup: 100 };
  expect(cosineRate(1, plan)).toBeCloseTo(0.01);
  expect(cosineRate(100, plan)).toBe(1);
  expect(cosineRate(550, plan)).toBeCloseTo(0.5);
  expect(cosineRate(1000, plan)).toBeCloseTo(0.02);
});
