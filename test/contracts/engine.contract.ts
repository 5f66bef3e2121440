import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, Inputs, Outputs, Tensors } from '../../src/compute/engine.ts';
import { tf } from '../../src/compute/tf.ts';
import { tfjsEngine } from '../../src/compute/tfjs-engine.ts';
import { layerCases } from '../compute/layer-cases.ts';
import { type OpCase, opCases } from '../compute/op-cases.ts';
import { inputsOf, relativeDistance, valuesAndGradients } from '../compute/op-programs.ts';
import { trainingCase } from '../compute/training-case.ts';

export type EngineGaps = {
  /** Cases with a kernel that the backend does not have. */
  readonly without?: readonly string[];
  /** Cases that the backend computes wrongly, to be taken off the list once it does not. */
  readonly wrong?: readonly string[];
  /** Cases whose gradient kernels the backend does not have: only values are compared. */
  readonly withoutGradients?: readonly string[];
};

/** What every engine promises. `makeEngine` is called once. */
export async function itRuns(
  name: string,
  makeEngine: () => Promise<Engine>,
  { without = [], wrong = [], withoutGradients = [] }: EngineGaps = {},
): Promise<void> {
  const engine = await makeEngine();
  const reference = await tfjsEngine({ backend: 'cpu' });
  afterAll(async () => {
    await engine.dispose();
    await reference.dispose();
  });

  const outputsOf = async (on: Engine, op: OpCase, grads: readonly string[]): Promise<Outputs> => {
    const program = await on.compile(valuesAndGradients(op, grads), op.specs);
    const outputs = await program.run(inputsOf(op));
    await program.dispose();
    return outputs;
  };

  describe(`${name}: values and gradients are those of eager tfjs on the cpu`, () => {
    for (const op of [...opCases, ...layerCases]) {
      if (without.includes(op.name)) {
        it(`${op.name} is refused by name`, async () => {
          await expect(outputsOf(engine, op, [])).rejects.toThrow(/Kernel '\w+' not registered/);
        });
        continue;
      }
      const lacking = withoutGradients.includes(op.name);
      if (layerCases.includes(op))
        it(`${op.name}, with weights that stay`, async () => {
          const [[name, data], ...constants] = Object.entries(inputsOf(op)) as [
            [string, Float32Array],
            ...[string, Float32Array][],
          ];
          const program = await engine.compile(valuesAndGradients(op, []), op.specs, {
            constants: Object.fromEntries(constants),
          });
          const actual = await program.run({ [name]: data });
          await program.dispose();
          const expected = await outputsOf(reference, op, []);
          for (const [output, values] of Object.entries(expected))
            expect(relativeDistance(actual[output]!, values)).toBeLessThan(1e-4);
        });
      it(lacking ? `${op.name} (values only)` : op.name, async () => {
        const grads = lacking ? [] : op.grads;
        const expected = await outputsOf(reference, op, grads);
        const actual = await outputsOf(engine, op, grads);
        expect(Object.keys(actual)).toEqual(Object.keys(expected));
        const distances = Object.keys(expected).map((output) => relativeDistance(actual[output]!, expected[output]!));
        if (wrong.includes(op.name)) expect(Math.max(...distances)).toBeGreaterThan(0.01);
        else expect(Math.max(...distances)).toBeLessThan(1e-4);
        if (lacking) await expect(outputsOf(engine, op, op.grads)).rejects.toThrow();
      });
    }
  });

  describe(`${name}: a program`, () => {
    const counter = () =>
      engine.compile(
        ({ total, by }) => ({ total: tf.add(total!, by!), twice: tf.mul(total!, 2) }),
        { total: [2], by: [2] },
        {
          feedback: { total: 'total' },
        },
      );

    it('keeps inputs, feeds outputs back and tells the present values', async () => {
      const program = await counter();
      expect(await program.run({ total: Float32Array.of(1, 10), by: Float32Array.of(1, 2) })).toEqual({
        twice: Float32Array.of(2, 20),
      });
      for (let i = 0; i < 4; i++) await program.run({});
      expect(await program.run({ by: Float32Array.of(0, 0) })).toEqual({ twice: Float32Array.of(12, 40) });
      expect(await program.read(['total', 'by'])).toEqual({ total: Float32Array.of(6, 20), by: Float32Array.of(0, 0) });
      expect(await program.run({ total: Float32Array.of(7, 7) })).toEqual({ twice: Float32Array.of(14, 14) });
      await program.dispose();
    });

    it('takes what an array holds at the call, and never writes into it', async () => {
      const program = await counter();
      const [total, by] = [Float32Array.of(1, 2), Float32Array.of(1, 1)];
      const first = program.run({ total, by });
      by.fill(100);
      await first;
      for (let i = 0; i < 3; i++) await program.run({});
      expect(await program.read(['total'])).toEqual({ total: Float32Array.of(5, 6) });
      expect(total).toEqual(Float32Array.of(1, 2));
      await program.dispose();
    });

    it('takes arrays of shared memory', async () => {
      const program = await counter();
      const shared = new Float32Array(new SharedArrayBuffer(8));
      shared.set([3, 4]);
      expect(await program.run({ total: shared, by: Float32Array.of(0, 0) })).toEqual({ twice: Float32Array.of(6, 8) });
      await program.dispose();
    });

    it('carries numbers that are none', async () => {
      const program = await counter();
      const { twice } = await program.run({ total: Float32Array.of(Number.NaN, 1 / 0), by: Float32Array.of(0, 0) });
      expect(twice).toEqual(Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY));
      await program.dispose();
    });

    it('refuses what does not fit, naming the input', async () => {
      const program = await counter();
      const by = new Float32Array(2);
      await expect(program.run({ by })).rejects.toThrow(
        new RangeError('input total must be 2 float32 values, got none yet'),
      );
      await expect(program.run({ total: new Float32Array(3), by })).rejects.toThrow(
        new RangeError('input total must be Float32Array of 2 values, got Float32Array of 3'),
      );
      await expect(program.run({ total: new Uint8Array(2), by } as Inputs)).rejects.toThrow(
        new RangeError('input total must be Float32Array of 2 values, got Uint8Array of 2'),
      );
      await expect(program.run({ weight: by })).rejects.toThrow(
        new RangeError('input weight must be one of total, by'),
      );
      await expect(program.read(['total'])).rejects.toThrow(RangeError);
      await program.dispose();
    });

    it('works inputs that stay into the program, and refuses them after that', async () => {
      const specs = { x: [2], weight: [2], bytes: { shape: [2], dtype: 'uint8' as const } };
      const fn = ({ x, weight, bytes }: Tensors) => ({ y: tf.add(tf.mul(x!, weight!), bytes!) });
      const weight = Float32Array.of(2, 3);
      const constants = { weight, bytes: Uint8Array.of(7, 200), elsewhere: Float32Array.of(1) };
      const program = await engine.compile(fn, specs, { constants });
      weight.fill(99);
      expect(await program.run({ x: Float32Array.of(1, 1) })).toEqual({ y: Float32Array.of(9, 203) });
      expect(await program.run({ x: Float32Array.of(0, 2) })).toEqual({ y: Float32Array.of(7, 206) });
      await expect(program.run({ weight })).rejects.toThrow(new RangeError('input weight must be one of x'));
      await program.dispose();
      await expect(engine.compile(fn, specs, { constants: { weight: new Float32Array(3) } })).rejects.toThrow(
        new RangeError('constant weight must be 2 values, got 3'),
      );
    });

    it('runs in turn with another program of the same engine', async () => {
      const [first, second] = [await counter(), await counter()];
      const by = Float32Array.of(1, 1);
      await Promise.all([
        ...Array.from({ length: 5 }, (_, i) => first.run(i === 0 ? { total: Float32Array.of(0, 0), by } : {})),
        ...Array.from({ length: 3 }, (_, i) => second.run(i === 0 ? { total: Float32Array.of(10, 0), by } : {})),
      ]);
      expect(await first.read(['total'])).toEqual({ total: Float32Array.of(5, 5) });
      expect(await second.read(['total'])).toEqual({ total: Float32Array.of(13, 3) });
      await first.dispose();
      await first.dispose();
      expect(await second.read(['total'])).toEqual({ total: Float32Array.of(13, 3) });
      await second.dispose();
    });

    it('leaves no tensor of tfjs behind', async () => {
      const before = tf.memory().numTensors;
      const program = await counter();
      for (let i = 0; i < 3; i++) await program.run({ total: Float32Array.of(1, 1), by: Float32Array.of(1, 1) });
      await program.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it(`${name}: trains as eager tfjs on the cpu does`, async () => {
    const convolutions = !withoutGradients.includes('conv2d layer');
    const { fn, specs, feedback, initial, batch, names } = trainingCase({ convolutions });
    const after = async (on: Engine) => {
      const program = await on.compile(fn, specs, { feedback });
      const losses: number[] = [];
      for (let step = 1; step <= 4; step++) {
        const outputs = await program.run({ ...(step === 1 ? initial : {}), ...batch(step) });
        losses.push(outputs.loss![0]!);
      }
      const weights = await program.read(names);
      await program.dispose();
      return { losses, weights };
    };
    const [expected, actual] = [await after(reference), await after(engine)];
    expect(relativeDistance(actual.losses, expected.losses)).toBeLessThan(1e-4);
    for (const weight of names) {
      const [mine, start, theirs] = [actual.weights[weight]!, initial[weight]!, expected.weights[weight]!];
      // Against what training changed, not against the size of the weight.
      const [moved, right] = [mine.map((value, i) => value - start[i]!), theirs.map((value, i) => value - start[i]!)];
      expect(relativeDistance(moved, right), weight).toBeLessThan(0.01);
      expect(relativeDistance(mine, theirs), weight).toBeLessThan(2e-3);
    }
  });
}
