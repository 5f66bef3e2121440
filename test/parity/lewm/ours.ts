/**
 * Ours beside the original, of the same state dict: `npx tsx test/parity/lewm/ours.ts <folder of make.py>`. Prints the largest
 * differences, and how long one frame and one published CEM step's rollouts (300 candidates x 5 blocks) take on two threads.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '../../../src/compute/open-engine.ts';
import { decodeSafetensors } from '../../../src/data/safetensors.ts';
import { openImagination } from '../../../src/planner/open-imagination.ts';
import { seeded } from '../../../src/random.ts';
import { importLewm } from '../../../src/worldmodel/import-lewm.ts';
import { lewmFacts } from '../../../src/worldmodel/lewm.ts';

const dir = process.argv[2]!;
const read = (name: string) => decodeSafetensors(readFileSync(join(dir, `${name}.safetensors`)));
const [weights, expected] = [read('weights'), read('expected')];
const action = { mean: [0, 0], std: [1, 1], low: [-9, -9], high: [9, 9] };
const facts = lewmFacts.parse({ task: 'pusht', periodMs: 100, action });
const side = facts.sizes.imageSize;
const checkpoint = { ...importLewm(weights, facts), hash: '' };
const engine = await openEngine({ engine: 'onnx', threads: 2 });
const [samples, horizon, blockSize] = expected.candidates!.shape as [number, number, number];

const imagination = await openImagination(engine, checkpoint, { samples, horizon, cost: 'last' });
const frame = (n: number) => ({
  width: side,
  height: side,
  data: Uint8Array.from(expected.pixels!.data.subarray(n * side * side * 3, (n + 1) * side * side * 3)),
});
const [now, goal] = [await imagination.see(frame(0)), await imagination.see(frame(1))];
const context = { timeMs: 0, latents: [now], blocks: [] };
const candidates = expected.candidates!.data;
const differences = {
  embeddings: difference([...now, ...goal], expected.embeddings!.data),
  rollout: difference(await imagination.imagine(context, candidates), expected.rollout!.data),
  costs: difference(await imagination.score(context, goal)(candidates), expected.costs!.data),
};
console.log('largest difference, as a share of the largest number:', differences);

const many = await openImagination(engine, checkpoint, { samples: 300, horizon, cost: 'last' });
const score = many.score(context, goal);
const drawn = seeded(1).normals(300 * horizon * blockSize);
console.log('frame median', await median(() => many.see(frame(0))), 'ms');
console.log('rollout median', await median(() => score(drawn)), 'ms');
await imagination.dispose();
await many.dispose();
await engine.dispose();

function difference(ours: ArrayLike<number>, theirs: Float32Array): string {
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = theirs.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  return (worst / largest).toExponential(1);
}

async function median(work: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[4]!.toFixed(1);
}
