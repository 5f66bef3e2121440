import { expect, it } from 'vitest';
import { initialise } from '../../../src/compute/layers.ts';
import { tf } from '../../../src/compute/tf.ts';
import { seeded } from '../../../src/random.ts';
import { inverseDynamics } from '../../../src/worldmodel/auxiliaries/inverse-dynamics.ts';

const [clip, batch, latentDim, blockSize] = [3, 32, 2, 2];
const auxiliary = inverseDynamics({ latentDim, blockSize, clip }, 32);

/** A walk whose blocks are what moved it. */
function walks(seed: number) {
  const random = seeded(seed);
  const blocks = tf.tensor2d(random.normals((clip - 1) * batch * blockSize), [(clip - 1) * batch, blockSize]);
  const places = [tf.tensor2d(random.normals(batch * latentDim), [batch, latentDim])];
  for (let t = 0; t < clip - 1; t++) {
    places.push(tf.add(places[t]!, tf.slice(blocks, [t * batch, 0], [batch, blockSize])));
  }
  return { latents: tf.concat(places) as tf.Tensor2D, blocks, clip, batch };
}

it('asks for the first block between any two moments, however far apart: what moves the latents is learnt, noise is not', () => {
  const learnt = (latentsOf: (given: ReturnType<typeof walks>) => tf.Tensor2D) => {
    const names = Object.keys(auxiliary.params);
    let values = names.map((name) =>
      tf.tensor(initialise(auxiliary.params, seeded(1))[name]!, [...auxiliary.params[name]!.shape]),
    );
    let last = 0;
    for (let step = 0; step < 150; step++) {
      const given = walks(step);
      const loss = (...now: tf.Tensor[]) =>
        auxiliary.loss(Object.fromEntries(names.map((name, i) => [name, now[i]!])), {
          ...given,
          latents: latentsOf(given),
        });
      const { value, grads } = tf.valueAndGrads(loss)(values);
      values = values.map((each, i) => tf.sub(each, tf.mul(grads[i]!, 0.1)));
      last = value.dataSync()[0]!;
    }
    return last;
  };
  expect(learnt(({ latents }) => latents)).toBeLessThan(0.45); // two blocks apart, half of the variance is chance
  expect(learnt(({ latents }) => tf.zerosLike(latents))).toBeGreaterThan(0.8);
});
