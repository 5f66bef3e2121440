import { describe, expect, it } from 'vitest';
import { inWords } from '../../sim/in-words.ts';
import { tasks } from '../../sim/tasks.ts';
import { vary } from '../../sim/vary.ts';
import type { Task } from '../../sim/world.ts';
import { seeded } from '../../src/random.ts';
import { understood } from '../../src/worldmodel/instruction.ts';
import { sayingsOf, spoken, truthOf } from '../../src/worldmodel/words.ts';

const EPISODES = 12;
const STEPS = 80;

/** States on the way through some episodes. */
async function states(task: Task, policy: string) {
  await task.prepare?.();
  const world = task.world();
  const seen: unknown[] = [];
  for (let episode = 0; episode < EPISODES; episode++) {
    const random = seeded(episode);
    const played = task.policies[policy]!(world, random.fork('policy'));
    let state = world.reset(random.fork('start'));
    for (let step = 0; step < STEPS; step++) {
      if (step % 4 === 0) seen.push(state);
      state = played.next(world.step(state, played.act(state)));
    }
  }
  return { world, seen };
}

const withWords = Object.values(tasks).filter(({ words }) => words) as Task[];

it('the four tasks that ship have words', () => {
  expect(withWords.map(({ name }) => name).sort()).toEqual(['cube', 'pusht', 'reacher', 'two-room']);
});

describe.each(withWords.map((task) => [task.name, task] as const))('the words of %s', (_, task) => {
  it('are always the same; each sometimes holds and sometimes does not; what is said is understood', async () => {
    const { world, seen } = await states(task, 'explore');
    const told = seen.map((state) => task.words!(world, state));
    const sayings = sayingsOf(told[0]!);
    const truths = told.map(truthOf);
    for (const one of told) expect(sayingsOf(one)).toEqual(sayings);
    sayings.forEach((saying, at) => {
      const often = truths.filter((truth) => truth[at]).length;
      expect({ saying, often: often > 0 && often < truths.length }).toEqual({ saying, often: true });
    });
    for (const truth of truths) {
      const holding = sayings.filter((_, at) => truth[at]);
      expect(understood(spoken(holding), sayings).map((at) => sayings[at])).toEqual(holding);
    }
  });

  it('are the same of a varied world', async () => {
    await task.prepare?.();
    const varied = vary(task, { pixelNoise: 10 });
    const world = varied.world();
    const state = world.reset(seeded(3));
    const words = varied.words!(world, state);
    expect(sayingsOf(words)).toEqual(sayingsOf(task.words!(task.world(), task.world().reset(seeded(4)))));
  });
});

describe('a protocol told in words', () => {
  const { protocols, ...rest } = tasks['two-room'] as Task;
  const task = { protocols, ...rest } as Task<{ agent: readonly [number, number]; target: readonly [number, number] }>;
  const told = inWords(task.protocols.historical!, task);
  const at = (x: number, y: number) => ({ agent: [x, y] as const, target: [x, y] as const });

  it('asks for all that holds of the goal', () => {
    expect(told.ask(at(40, 40))).toBe('the dot is in the left room and at the top');
    expect(told.ask(at(112, 49))).toBe('the dot is in the doorway and at the top');
  });

  it('counts what holds, wherever it is, at the end of what was visited', () => {
    expect(told.success([at(180, 180), at(30, 60)], at(40, 40))).toBe(true);
    expect(told.success([at(30, 60), at(180, 180)], at(40, 40))).toBe(false);
    expect(told.success([at(180, 180), at(30, 100)], at(40, 40))).toBe(false);
  });

  it('leaves out pairs that begin as they shall end', () => {
    const way = (from: ReturnType<typeof at>, to: ReturnType<typeof at>) =>
      Array.from({ length: 26 }, (_, i) => (i < 25 ? from : to));
    expect(told.eligible(way(at(30, 60), at(40, 40)))).toBe(false);
    expect(told.eligible(way(at(30, 150), at(40, 40)))).toBe(true);
  });

  it('is not there for a task without words', () => {
    const { words: _, ...mute } = task;
    expect(() => inWords(task.protocols.historical!, mute)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: 'two-room has no words' }),
    );
  });
});
