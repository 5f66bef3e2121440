import { describe, expect, it } from 'vitest';
import type { Inputs, Tensors } from '../../src/compute/engine.ts';
import { tfjsEngine } from '../../src/compute/tfjs-engine.ts';
import { seeded } from '../../src/random.ts';
import { layerCases } from './layer-cases.ts';
import { opCases } from './op-cases.ts';
import { inputsOf, lossOf, valuesAndGradients } from './op-programs.ts';

const STEP = 4e-3;

describe('every gradient is the slope of its function', async () => {
  const engine = await tfjsEngine({ backend: 'cpu' });
  for (const op of [...opCases, ...layerCases].filter(({ grads }) => grads.length > 0)) {
    it(op.name, async () => {
      const inputs = inputsOf(op);
      const gradient = await engine.compile(valuesAndGradients(op), op.specs);
      const loss = await engine.compile((tensors: Tensors) => ({ loss: lossOf(op, tensors) }), op.specs);
      const slopes = await gradient.run(inputs);
      for (const name of op.grads) {
        const direction = seeded(3).fork(name).normals(inputs[name]!.length);
        const along = async (by: number) => {
          const moved = (inputs[name] as Float32Array).map((value, i) => value + by * direction[i]!);
          return (await loss.run({ ...inputs, [name]: moved } as Inputs)).loss![0]!;
        };
        const measured = ((await along(STEP)) - (await along(-STEP))) / (2 * STEP);
        const products = slopes[`d${name}`]!.map((slope, i) => slope * direction[i]!);
        const claimed = products.reduce((sum, product) => sum + product, 0);
        const scale = Math.sqrt(products.reduce((sum, product) => sum + product ** 2, 0));
        expect(Math.abs(measured - claimed), `${name}: ${measured} measured, ${claimed} claimed`).toBeLessThan(
          0.01 * scale + 2e-3,
        );
      }
      await gradient.dispose();
      await loss.dispose();
    });
  }
});
