import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, Inputs } from '../../src/compute/engine.ts';
import { openEngine } from '../../src/compute/open-engine.ts';
import { tf } from '../../src/compute/tf.ts';
import type { PremotorError } from '../../src/errors.ts';
import type { Random } from '../../src/random.ts';
import type { Standing } from '../../src/worldmodel/learn.ts';
import { type HeadHooks, trainHead } from '../../src/worldmodel/train-head.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ engine: 'onnx', threads: 1 });
});
afterAll(() => engine.dispose());

const batch = 4;
const steps = 12;
/** Twice what is seen. */
const line = {
  params: { 'line.w': { shape: [1, 1], init: 'zeros' as const } },
  inputs: { x: [batch, 1] },
  loss: (params: Record<string, tf.Tensor>, { x }: Record<string, tf.Tensor>) => ({
    total: tf.mean(tf.squaredDifference(tf.matMul(x!, params['line.w']!), tf.mul(x!, 2))) as tf.Scalar,
  }),
};
type Draw = (random: Random) => Inputs | Promise<Inputs>;
const some: Draw = (random) => ({ x: random.normals(batch) });

async function learning(hooks: HeadHooks = {}, draw = some) {
  const standings: Standing[] = [];
  const told: number[] = [];
  const options = { steps, batch, learningRate: 0.1, seed: 1 };
  const running = trainHead(engine, 'line', line, options, draw, {
    onState: (standing) => standings.push(standing),
    onProgress: (step) => told.push(step),
    ...hooks,
  });
  const [weights, error] = await running.then(
    (made) => [made, undefined] as const,
    (reason: PremotorError) => [undefined, reason] as const,
  );
  return { standings, told, weights, error, at: standings.map(({ step }) => step) };
}

it('tells where it stands every so often, and at the end', async () => {
  expect((await learning({ saveEvery: 5 })).at).toEqual([5, 10, 12]);
  expect((await learning()).at).toEqual([12]);
});

it('goes on from where it was cut off, or is done: to the same, to the bit', async () => {
  const whole = await learning({ saveEvery: 5 });
  const [five, , done] = whole.standings;
  const rest = await learning({ resume: five });
  expect(rest.told).toEqual([6, 7, 8, 9, 10, 11, 12]);
  expect(rest.weights).toEqual(whole.weights);
  expect((await learning({ resume: five }, async (random) => some(random))).weights).toEqual(whole.weights);
  const again = await learning({ resume: done });
  expect([again.told, again.at]).toEqual([[], []]);
  expect(again.weights).toEqual(whole.weights);
});

it('stopped, it tells what was learnt since', async () => {
  const controller = new AbortController();
  const stopping = (last: number): HeadHooks => ({
    saveEvery: 5,
    signal: controller.signal,
    onProgress: (step) => step === last && controller.abort(),
  });
  const { at, error } = await learning(stopping(7));
  expect(at).toEqual([5, 7]);
  expect(error!.name).toBe('AbortError');
  expect((await learning(stopping(1))).at).toEqual([]); // nothing was learnt
});

it('stops where it learns from what is no number, says at what, and what it told last is good', async () => {
  let drawn = 0;
  const spoilt: Draw = () => ({ x: new Float32Array(batch).fill(++drawn === 8 ? Number.NaN : 1) });
  const { error, at, standings } = await learning({ saveEvery: 3 }, spoilt);
  expect(error!.message).toBe('training stopped at step 8 of the line: total NaN, gradientNorm NaN');
  expect(error!.hint).toBe('the state of step 6 is kept; look at the data from there on'); // no option sets a head's rate
  expect(at).toEqual([3, 6]);
  for (const { state } of standings) expect(Object.values(state).flatMap((values) => [...values])).not.toContain(NaN);
});

it('ends with what goes wrong in drawing', async () => {
  let drawn = 0;
  const failing: Draw = async (random) => {
    if (++drawn === 4) throw new RangeError('nothing to draw from');
    return some(random);
  };
  const { error, told } = await learning({}, failing);
  expect(error).toEqual(new RangeError('nothing to draw from'));
  expect(told).toEqual([1, 2, 3]);
});
