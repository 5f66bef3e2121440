import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Episode } from '../../src/data/episode.ts';
import { type EpisodeOptions, episodesFrom, inOrder, type Sample } from '../../src/data/episodes-from-ros.ts';
import { BadMessage } from '../../src/errors.ts';

/** A one-pixel camera that shows the time: two bytes of ms. */
const frame = (timeMs: number): Sample => ({
  kind: 'frame',
  camera: 'front',
  timeMs,
  read: () => ({ width: 1, height: 1, data: Uint8Array.of(timeMs >> 8, timeMs & 255, 7) }),
});
const command = (timeMs: number, ...action: number[]): Sample => ({ kind: 'command', timeMs, action });
const state = (timeMs: number, part = 0): Sample => ({ kind: 'state', timeMs, part, values: [timeMs, part] });
const options: EpisodeOptions = { periodMs: 100, rest: [0], stateParts: 0 };

describe('episodes of a recording', () => {
  it('show at every moment the newest picture that is not later', async () => {
    const [episode] = await episodes([0, 90, 110, 200, 299, 400].map(frame));
    expect(shown(episode!)).toEqual([0, 90, 200, 299, 400]);
    expect(episode!.states).toEqual(new Float64Array(5));
    expect(episode!.actions).toEqual(new Float32Array(4));
  });

  it('hold the mean of the actions in force, each held until the next', async () => {
    const commands = [command(50, 1), command(100, 2), command(125, 4), command(250, -8)];
    const [episode] = await episodes([...[0, 100, 200, 300, 400].map(frame), ...commands]);
    expect([...episode!.actions]).toEqual([0.5, 0.25 * 2 + 0.75 * 4, 0.5 * 4 - 0.5 * 8, -8]);
  });

  it('rest where a robot stops by itself without commands', async () => {
    const samples = [...[0, 100, 200, 300].map(frame), command(0, 1), command(150, 1)];
    const [episode] = await episodes(samples, { holdMs: 100, rest: [-1] });
    expect([...episode!.actions]).toEqual([1, 0, 0]);
  });

  it('end where there is no picture for longer than a second', async () => {
    const found = await episodes([0, 100, 250, 1250, 2251, 2351, 9000].map(frame));
    expect(found.map((episode) => shown(episode))).toEqual([
      [0, 100, 100, 250, 250, 250, 250, 250, 250, 250, 250, 250, 250],
      [2251, 2351],
    ]);
  });

  it('are cut when they are long; the cut moment is in both', async () => {
    const found = await episodes([0, 100, 200, 300, 400, 500].map(frame), { maxSteps: 2 });
    expect(found.map((episode) => shown(episode))).toEqual([
      [0, 100, 200],
      [200, 300, 400],
      [400, 500],
    ]);
  });

  it('begin when every part of the state is known', async () => {
    const samples = [
      frame(0),
      frame(100),
      state(150, 0),
      frame(200),
      state(250, 1),
      frame(300),
      frame(400),
      state(350, 0),
    ];
    const [episode, ...more] = await episodes(samples, { stateParts: 2 });
    expect(more).toEqual([]);
    expect(shown(episode!)).toEqual([300, 400]);
    expect([...episode!.states]).toEqual([150, 0, 250, 1, 350, 0, 250, 1]);
  });

  it('go on with the last good picture', async () => {
    const broken: Sample = {
      kind: 'frame',
      camera: 'front',
      timeMs: 100,
      read: () => {
        throw new BadMessage('torn');
      },
    };
    const bad: string[] = [];
    const onBad = ({ message }: BadMessage) => void bad.push(message);
    const [episode] = await episodes([{ ...broken, timeMs: 0 }, frame(50), broken, broken, frame(250)], { onBad });
    expect(shown(episode!)).toEqual([50, 50, 250]);
    expect(bad).toEqual(['torn', 'torn']);
  });

  it('are what a simple reading of the rules says, whatever was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.nat(400), fc.nat(6000)).map((n) => 2 * n),
          { maxLength: 60 },
        ),
        fc.array(fc.tuple(fc.nat(6000), fc.integer({ min: -8, max: 8 })), { maxLength: 60 }),
        fc.array(
          fc.nat(6000).map((n) => 2 * n + 1),
          { minLength: 1, maxLength: 30 },
        ),
        fc.integer({ min: 10, max: 300 }),
        fc.integer({ min: 1, max: 12 }),
        async (frames, commands, states, periodMs, maxSteps) => {
          const unique = [...new Map(commands)].map(([ms, value]) => command(ms, value));
          const samples = [...new Set(frames)].map(frame).concat(
            unique,
            [...new Set(states)].map((ms) => state(ms)),
          );
          const how = { ...options, periodMs, maxSteps, stateParts: 1 };
          expect(await episodes(samples, how)).toEqual(simply(samples, how));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuse impossible options', async () => {
    await expect(episodes([], { periodMs: 0 })).rejects.toThrow(/periodMs must be above 0/);
    await expect(episodes([], { maxSteps: 0 })).rejects.toThrow(/maxSteps must be at least 1/);
  });
});

describe('samples in order', () => {
  it('have the picture of a moment last', async () => {
    const told = [];
    for await (const { kind } of inOrder(stream([frame(0), state(0), command(0, 1), frame(0), state(0)])))
      told.push(kind);
    expect(told).toEqual(['state', 'command', 'state', 'frame', 'frame']);
  });

  it('are sorted within the window, and late ones take the time of those before', async () => {
    const times = async (list: number[]) => {
      const told = [];
      for await (const { timeMs } of inOrder(stream(list.map((ms) => frame(ms))), 100)) told.push(timeMs);
      return told;
    };
    expect(await times([0, 50, 20, 90, 80, 200, 120])).toEqual([0, 20, 50, 80, 90, 120, 200]);
    expect(await times([0, 500, 100, 1000])).toEqual([0, 100, 500, 1000]);
    expect(await times([0, 500, 510, 900, 100])).toEqual([0, 500, 510, 510, 900]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000)), async (list) => {
        const told = await times(list);
        expect(told.length).toBe(list.length);
        expect(told).toEqual([...told].sort((a, b) => a - b));
      }),
    );
  });
});

/** The same, with everything at hand and one millisecond after the other. All times are whole. */
function simply(samples: readonly Sample[], { periodMs, maxSteps = 100, rest }: EpisodeOptions): Episode[] {
  const of = <K extends Sample['kind']>(kind: K) =>
    samples.filter((one): one is Extract<Sample, { kind: K }> => one.kind === kind).sort((a, b) => a.timeMs - b.timeMs);
  const [frames, commands, states] = [of('frame'), of('command'), of('state')];
  const newest = <T extends Sample>(list: readonly T[], ms: number) => list.findLast(({ timeMs }) => timeMs <= ms);
  const rides: number[][] = [];
  for (const { timeMs } of frames) {
    const ride = rides.at(-1);
    if (ride && timeMs - ride.at(-1)! <= 1000) ride.push(timeMs);
    else if (newest(states, timeMs)) rides.push([timeMs]);
  }
  return rides.flatMap((ride) => {
    const moments: number[] = [];
    for (let ms = ride[0]!; ms <= ride.at(-1)!; ms += periodMs) moments.push(ms);
    const found: Episode[] = [];
    for (let from = 0; from + 1 < moments.length; from += maxSteps) {
      const part = moments.slice(from, from + maxSteps + 1);
      const actions = part.slice(1).map((until) => {
        let sum = 0;
        for (let ms = until - periodMs; ms < until; ms++) sum += (newest(commands, ms)?.action ?? rest)[0]!;
        return sum / periodMs;
      });
      found.push({
        actions: Float32Array.from(actions),
        states: Float64Array.from(part.flatMap((ms) => newest(states, ms)!.values)),
        frames: Uint8Array.from(part.flatMap((ms) => [...newest(frames, ms)!.read().data])),
      });
    }
    return found;
  });
}

async function episodes(samples: readonly Sample[], more: Partial<EpisodeOptions> = {}): Promise<Episode[]> {
  const sorted = [...samples].sort((a, b) => a.timeMs - b.timeMs);
  const found = [];
  for await (const episode of episodesFrom(stream(sorted), { ...options, ...more })) found.push(episode);
  return found;
}

async function* stream(samples: readonly Sample[]): AsyncGenerator<Sample> {
  yield* samples;
}

const shown = ({ frames }: Episode): number[] =>
  Array.from({ length: frames.length / 3 }, (_, i) => frames[3 * i]! * 256 + frames[3 * i + 1]!);
