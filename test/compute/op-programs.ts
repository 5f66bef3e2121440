import type { Inputs, Spec, Tensors } from '../../src/compute/engine.ts';
import { tf } from '../../src/compute/tf.ts';
import { type Random, seeded } from '../../src/random.ts';
import type { Draw, OpCase } from './op-cases.ts';

export const sizeOf = (spec: Spec) => ('shape' in spec ? spec.shape : spec).reduce((a, b) => a * b, 1);

/** One value of an input. */
function drawn(draw: Draw, random: Random, i: number, shift: number): number {
  if (draw === 'normal') return random.normal();
  if (draw === 'positive') return 0.3 + 2 * random.uniform();
  if (draw === 'unit') return 1.6 * random.uniform() - 0.8;
  if (draw === 'away from zero') return (random.uniform() < 0.5 ? -1 : 1) * (0.1 + 2 * random.uniform());
  if (draw === 'distinct') return 6 * ((i * 0.618034) % 1) - 3.02 + shift; // the golden ratio keeps them apart
  if (draw === 'bool') return random.integer(2);
  return random.integer(draw.below);
}

export function inputsOf({ name, specs, draw = {} }: OpCase): Inputs {
  const random = seeded(7).fork(name);
  return Object.fromEntries(
    Object.entries(specs).map(([input, spec], position) => {
      const values = Array.from({ length: sizeOf(spec) }, (_, i) =>
        drawn(draw[input] ?? 'normal', random, i, 0.05 * position),
      );
      if (!('shape' in spec)) return [input, Float32Array.from(values)];
      return [input, spec.dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values)];
    }),
  );
}

/** All outputs in one number, with weights that tell them apart. */
export function lossOf({ fn }: OpCase, tensors: Tensors): tf.Scalar {
  const outputs = [fn(tensors)].flat();
  const terms = outputs.map((output) => {
    const weights = Float32Array.from({ length: output.size }, (_, i) => Math.cos(i * 1.7) + 0.3);
    return tf.sum(tf.mul(tf.cast(output, 'float32'), tf.tensor(weights, output.shape)));
  });
  return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
}

/** The operator's outputs, and its gradients for `grads`. */
export function valuesAndGradients(op: OpCase, grads = op.grads) {
  return (tensors: Tensors): Tensors => {
    const results = Object.fromEntries([op.fn(tensors)].flat().map((output, i) => [`y${i}`, output]));
    if (grads.length === 0) return results;
    const gradients = tf.grads((...values) => lossOf(op, { ...tensors, ...named(grads, values) }))(
      grads.map((name) => tensors[name]!),
    );
    return {
      ...results,
      ...named(
        grads.map((name) => `d${name}`),
        gradients,
      ),
    };
  };
}

export const named = <Value>(names: readonly string[], values: readonly Value[]): Record<string, Value> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));

/** Euclidean distance, relative to the size of `expected`. */
export function relativeDistance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / Math.max(size, 1e-12));
}
