import type { Inputs, Specs, Tensors } from '../../src/compute/engine.ts';
import {
  conv2d,
  convSpec,
  gelu,
  initialise,
  layerNorm,
  linear,
  linearSpec,
  normSpec,
} from '../../src/compute/layers.ts';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';

const COUNT = 8;
const WIDTH = 6;

/**
 * A whole small training step: convolutions (or a linear layer in their place), norms, a sketched regulariser and AdamW;
 * weights and moments feed back.
 */
export function trainingCase({ convolutions }: { readonly convolutions: boolean }) {
  const params = {
    ...(convolutions ? convSpec('c', 4, 3, 8) : linearSpec('c', 12, 8)),
    ...normSpec('n', 8),
    ...linearSpec('l', 4 * 4 * 8, WIDTH),
    ...linearSpec('p', WIDTH, WIDTH),
  };
  const names = Object.keys(params);
  const specs: Record<string, Specs[string]> = {
    pixels: { shape: [COUNT, 8, 8, 3], dtype: 'uint8' },
    directions: [WIDTH, 16],
    rate: [1],
    correction: [1],
  };
  const feedback: Record<string, string> = {};
  const initial: Record<string, Float32Array> = initialise(params, seeded(1));
  for (const name of names) {
    specs[name] = params[name]!.shape;
    for (const moment of [`m/${name}`, `v/${name}`]) {
      specs[moment] = params[name]!.shape;
      initial[moment] = new Float32Array(initial[name]!.length);
      feedback[moment] = moment;
    }
    feedback[name] = name;
  }

  const loss = (p: Tensors, { pixels, directions }: Tensors): tf.Scalar => {
    const unit = tf.sub(tf.div(pixels!, 128), 1);
    const picture = convolutions
      ? conv2d(p, unit, 'c', { stride: 2 })
      : linear(p, tf.reshape(unit, [COUNT, 16, 12]), 'c');
    const hidden = gelu(layerNorm(p, picture, 'n'));
    const latent = linear(p, tf.reshape(hidden, [COUNT, -1]), 'l');
    const next = tf.add(latent, linear(p, latent, 'p'));
    const prediction = tf.mean(tf.square(tf.sub(tf.slice(next, [0, 0], [COUNT - 1, WIDTH]), tf.slice(latent, [1, 0]))));
    const phase = tf.mul(
      tf.reshape(tf.matMul(latent as tf.Tensor2D, directions as tf.Tensor2D), [COUNT, 16, 1]),
      tf.tensor1d([0.5, 1, 1.5]),
    );
    const spread = tf.add(tf.square(tf.sub(tf.mean(tf.cos(phase), 0), 0.6)), tf.square(tf.mean(tf.sin(phase), 0)));
    return tf.add(prediction, tf.mul(tf.sum(tf.mean(spread, 0)), 0.1)) as tf.Scalar;
  };

  const fn = (t: Tensors): Tensors => {
    const { value, grads } = tf.valueAndGrads((...weights) =>
      loss(Object.fromEntries(names.map((name, i) => [name, weights[i]!])), t),
    )(names.map((name) => t[name]!));
    const outputs: Tensors = { loss: value };
    names.forEach((name, i) => {
      const m = tf.add(tf.mul(t[`m/${name}`]!, 0.9), tf.mul(grads[i]!, 0.1));
      const v = tf.add(tf.mul(t[`v/${name}`]!, 0.999), tf.mul(tf.square(grads[i]!), 0.001));
      // A generous epsilon: where a gradient is all rounding error, Adam would make it a full step.
      const update = tf.div(tf.mul(m, t.rate!), tf.add(tf.sqrt(tf.mul(v, t.correction!)), 1e-4));
      outputs[`m/${name}`] = m;
      outputs[`v/${name}`] = v;
      outputs[name] = tf.sub(tf.mul(t[name]!, 0.9999), update);
    });
    return outputs;
  };

  const batch = (step: number): Inputs => {
    const random = seeded(step);
    return {
      pixels: Uint8Array.from({ length: COUNT * 8 * 8 * 3 }, () => random.integer(256)),
      directions: random.normals(WIDTH * 16),
      rate: Float32Array.of(1e-3 / (1 - 0.9 ** step)),
      correction: Float32Array.of(1 / (1 - 0.999 ** step)),
    };
  };
  return { fn, specs, feedback, initial, batch, names };
}
