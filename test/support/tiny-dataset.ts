import type { Dataset } from '../../src/data/dataset.ts';
import { openDataset } from '../../src/data/reader.ts';
import { createEpisodeWriter } from '../../src/data/writer.ts';
import { seeded } from '../../src/random.ts';

const size = 32;

/** A white square on black that goes where the actions say: real episodes of a world of six lines, `[x, y]` the state. */
export async function tinyDataset(dir: string, { episodes = 8, length = 30, seed = 1 } = {}): Promise<Dataset> {
  const writer = createEpisodeWriter(dir, {
    format: 'premotor-episodes/1',
    task: 'two-room',
    seed,
    policy: 'random',
    variations: {},
    width: size,
    height: size,
    frameEvery: 5,
    actionSize: 2,
    stateSize: 2,
    periodMs: 100,
  });
  for (let episode = 0; episode < episodes; episode++) {
    const random = seeded(seed).fork(episode);
    const actions = Float32Array.from({ length: 2 * length }, () => 2 * random.uniform() - 1);
    const states = new Float64Array(2 * (length + 1));
    states.set([8 + random.integer(16), 8 + random.integer(16)]);
    for (let step = 0; step < length; step++) {
      for (const axis of [0, 1]) {
        const next = states[2 * step + axis]! + actions[2 * step + axis]!;
        states[2 * (step + 1) + axis] = Math.min(28, Math.max(3, next));
      }
    }
    const frames = new Uint8Array((length / 5 + 1) * size * size * 3);
    for (let i = 0; i <= length / 5; i++)
      draw(frames.subarray(i * size * size * 3), states[10 * i]!, states[10 * i + 1]!);
    writer.append({ actions, states, frames });
  }
  writer.close();
  return openDataset(dir);
}

export const locate = (state: Float64Array) => [state[0]! / size, state[1]! / size] as const;

function draw(frame: Uint8Array, x: number, y: number): void {
  for (let row = Math.round(y) - 3; row < y + 3; row++) {
    for (let column = Math.round(x) - 3; column < x + 3; column++)
      frame.fill(255, 3 * (row * size + column), 3 * (row * size + column) + 3);
  }
}
