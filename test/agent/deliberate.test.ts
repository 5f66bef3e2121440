import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type DeliberateOptions, deliberate, type Thought } from '../../src/agent/deliberate.ts';
import { virtualClock } from '../../src/clock.ts';
import type { Context } from '../../src/perception/context.ts';
import type { Plan, Planner } from '../../src/planner/planner.ts';
import { seeded } from '../../src/random.ts';
import { dotImagination, plainCem } from '../support/dot.ts';

const goal = Float32Array.of(1, 1);
const here = (timeMs: number): Context => ({ timeMs, latents: [Float32Array.of(0.5, 0.5)], blocks: [] });

/** Thinks about contexts given by the clock. */
function thinking(
  options: Partial<DeliberateOptions> = {},
  planner: Planner = plainCem(),
  imagination = dotImagination(),
) {
  const clock = virtualClock();
  const contexts$ = new Subject<Context>();
  const thoughts: Thought[] = [];
  const thinking = contexts$
    .pipe(deliberate(imagination, planner, goal, { clock, random: seeded(1), ...options }))
    .subscribe((thought) => thoughts.push(thought));
  const see = async (timeMs: number) => {
    await clock.run(timeMs);
    contexts$.next(here(timeMs));
    await clock.run(timeMs);
  };
  return { clock, thoughts, see, thinking };
}

describe('deliberate', () => {
  test('refines as often as it is told to, and gets cheaper', async () => {
    const { thoughts, see } = thinking({ iterations: 6 });
    await see(0);
    expect(thoughts).toHaveLength(1);
    expect(thoughts[0]!.refinements).toBe(6);
    expect(thoughts[0]!.costs).toHaveLength(6);
    expect(thoughts[0]!.plan.cost).toBe(thoughts[0]!.costs[5]);
    expect(thoughts[0]!.costs[5]!).toBeLessThan(thoughts[0]!.costs[0]!);
    expect(thoughts[0]!.scored!.costs).toHaveLength(40);
  });

  test('refines as often as the models say, where nobody does', async () => {
    const imagination = { ...dotImagination(), refinements: 4 };
    const [asTheySay, asTold] = [
      thinking({}, plainCem(), imagination),
      thinking({ iterations: 2 }, plainCem(), imagination),
    ];
    for (const { see } of [asTheySay, asTold]) await see(0);
    expect([asTheySay, asTold].map(({ thoughts }) => thoughts[0]!.refinements)).toEqual([4, 2]);
  });

  test('begins no refinement that would not end in time, but always makes one', async () => {
    const inTime = thinking({ iterations: 50, refinementMs: 20, budgetMs: 70 });
    await inTime.see(0);
    await inTime.clock.run(200);
    expect(inTime.thoughts.map(({ refinements, elapsedMs }) => [refinements, elapsedMs])).toEqual([[3, 60]]);
    const slow = thinking({ iterations: 50, refinementMs: 100, budgetMs: 10 });
    await slow.see(0);
    await slow.clock.run(200);
    expect(slow.thoughts.map(({ refinements }) => refinements)).toEqual([1]);
  });

  test('lets a start from elsewhere stand where there is no time for a refinement', async () => {
    const warmStart: DeliberateOptions['warmStart'] = async (_, __, plan) => ({ plan: { ...plan, cost: 7 } });
    const { see, clock, thoughts } = thinking({ iterations: 50, refinementMs: 100, budgetMs: 10, warmStart });
    await see(0); // nobody knows yet how long a refinement lasts
    await clock.run(200);
    await see(200);
    await clock.run(400);
    expect(thoughts.map(({ refinements, plan }) => [refinements, plan.cost === 7])).toEqual([
      [1, false],
      [0, true],
    ]);
  });

  test('thinks as much as it is told at the time, and not at all where that is nothing', async () => {
    let iterations = 2;
    const { see, thoughts } = thinking({ iterations: () => iterations });
    await see(0);
    iterations = 0;
    await see(100);
    iterations = 5;
    await see(200);
    expect(thoughts.map(({ context, refinements }) => [context.timeMs, refinements])).toEqual([
      [0, 2],
      [200, 5],
    ]);
  });

  test('searches for nothing where the start arrives', async () => {
    const warmStart: DeliberateOptions['warmStart'] = async ({ timeMs }, aim, plan) => ({
      plan: { ...plan, cost: 7 },
      arrival: timeMs === 100 && aim[0] === 1 ? 2 : undefined,
    });
    const { see, thoughts } = thinking({ iterations: 3, warmStart });
    for (const timeMs of [0, 100, 200]) await see(timeMs);
    expect(thoughts.map(({ refinements }) => refinements)).toEqual([3, 0, 3]);
    expect(thoughts[1]!.plan.cost).toBe(7);
  });

  test('carries a plan out whose first block arrives, unless the world is not as expected', async () => {
    let calm = true;
    let blocks = 2;
    let made = 0;
    const asked: number[] = [];
    const warmStart: DeliberateOptions['warmStart'] = async ({ timeMs }, _, plan) => {
      asked.push(timeMs);
      return { plan: { ...plan, mean: plan.mean.map((_, i) => ++made / 1000 + i) }, arrival: blocks };
    };
    const { see, thoughts } = thinking({ iterations: 1, warmStart, calm: () => calm });
    const { frameskip, periodMs, actionSize } = dotImagination().shape;
    const times = [0, 1, 2, 3, 4, 5].map((step) => step * periodMs);
    expect(frameskip).toBe(2);
    await see(times[0]!); // two blocks to go: a new plan next time
    blocks = 1;
    await see(times[1]!); // one: carried out, for two steps
    await see(times[2]!);
    await see(times[3]!);
    calm = false;
    await see(times[4]!);
    calm = true;
    await see(times[5]!);
    expect(thoughts.map(({ kept, refinements }) => [kept, refinements])).toEqual([
      [false, 0],
      [false, 0],
      [true, 0],
      [false, 0],
      [false, 1], // a surprise
      [false, 0],
    ]);
    expect(asked).toEqual([times[0], times[1], times[3], times[4], times[5]]); // not while a plan is carried out
    const [, first, second] = thoughts.map(({ plan }) => plan);
    expect(second!.mean.slice(0, actionSize)).toEqual(first!.mean.slice(actionSize, 2 * actionSize));
    expect(second!.timeMs).toBe(times[2]);
  });

  test('plans to where it is told to aim, with the goal in mind', async () => {
    const told: number[][] = [];
    const aim: DeliberateOptions['aim'] = async ({ timeMs }, goal) => {
      told.push([timeMs, ...goal]);
      return Float32Array.of(0, 0.5);
    };
    const { see, thoughts } = thinking({ iterations: 8, aim });
    await see(0);
    expect(told).toEqual([[0, 1, 1]]);
    expect(thoughts[0]!.goal).toEqual(goal);
    expect(thoughts[0]!.plan.mean[0]).toBeLessThan(0); // to the left, not to the goal
  });

  test('thinks about the newest context only', async () => {
    const { clock, thoughts, see } = thinking({ iterations: 1, refinementMs: 120 });
    for (const timeMs of [0, 50, 100, 150]) await see(timeMs);
    await clock.run(1000);
    expect(thoughts.map(({ context }) => context.timeMs)).toEqual([0, 100, 150]);
  });

  test('starts from the last plan, seen from now', async () => {
    const starts: Plan[] = [];
    const planner: Planner = async (plan) => {
      starts.push(plan);
      return { ...plan, mean: plan.mean.map((_, i) => i / 10), cost: 1 };
    };
    const { see } = thinking({ iterations: 1 }, planner);
    await see(0);
    await see(100);
    expect(starts[1]!.timeMs).toBe(100);
    expect([...starts[1]!.mean]).toEqual([...Float32Array.of(0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1), 0, 0, 0, 0]);
  });

  test('may be given a better start', async () => {
    const starts: number[] = [];
    const planner: Planner = async (plan) => {
      starts.push(plan.mean[0]!);
      return plan;
    };
    const warmStart: DeliberateOptions['warmStart'] = async ({ timeMs }, aim, plan) => ({
      plan: { ...plan, mean: plan.mean.fill(timeMs + aim[0]!) },
    });
    const { see } = thinking({ iterations: 1, warmStart }, planner);
    await see(7);
    expect(starts).toEqual([8]);
  });

  test('lets go contexts that come too soon', async () => {
    const { thoughts, see } = thinking({ iterations: 1, replanMs: 100 });
    for (const timeMs of [0, 50, 100, 150, 260]) await see(timeMs);
    expect(thoughts.map(({ context }) => context.timeMs)).toEqual([0, 100, 260]);
  });

  test('drops a plan that comes after its horizon', async () => {
    const { clock, thoughts, see } = thinking({ iterations: 1, refinementMs: 301 });
    await see(0);
    await clock.run(1000);
    expect(thoughts).toEqual([]);
  });

  test('stops thinking when nobody listens any more', async () => {
    let refinements = 0;
    const planner: Planner = async (plan) => {
      refinements++;
      return plan;
    };
    const { clock, see, thinking: subscription } = thinking({ iterations: 100, refinementMs: 10 }, planner);
    await see(0);
    await clock.run(35);
    subscription.unsubscribe();
    await clock.run(500);
    expect(refinements).toBe(4);
  });

  test('gives way to other work between refinements', async () => {
    const clock = virtualClock();
    const order: string[] = [];
    const planner: Planner = async (plan) => {
      order.push('refined');
      clock.schedule(() => order.push('other work'));
      return plan;
    };
    const contexts$ = new Subject<Context>();
    contexts$
      .pipe(deliberate(dotImagination(), planner, goal, { clock, random: seeded(1), iterations: 2 }))
      .subscribe();
    contexts$.next(here(0));
    await clock.run(0);
    expect(order).toEqual(['refined', 'other work', 'refined', 'other work']);
  });

  test('must refine at least once', () => {
    expect(() => thinking({ iterations: 0 })).toThrow(/iterations must be at least 1, got 0/);
  });
});
