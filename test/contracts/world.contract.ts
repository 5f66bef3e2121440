import { describe, expect, it } from 'vitest';
import type { Task, World } from '../../sim/world.ts';
import type { Action } from '../../src/drivers/driver.ts';
import { type Random, seeded } from '../../src/random.ts';

const uniform = ({ actionSpec: { low, high } }: World<unknown>, random: Random): Action =>
  low.map((least, i) => least + (high[i]! - least) * random.uniform());

/** What every world and its task must keep. */
export function itIsAWorld<State>(name: string, task: Task<State>, variations: Record<string, unknown> = {}): void {
  const fresh = () => task.world(variations);
  /** The states of a walk of uniform actions. */
  const walk = (seed: number, steps: number): State[] => {
    const world = fresh();
    const random = seeded(seed);
    const states = [world.reset(random)];
    for (let i = 0; i < steps; i++) states.push(world.step(states.at(-1)!, uniform(world as World<unknown>, random)));
    return states;
  };

  describe(`${name} is a world`, () => {
    it('has actions with limits around rest', () => {
      const { low, high, rest, maxRate, names } = fresh().actionSpec;
      for (const list of [high, rest, maxRate, names]) expect(list).toHaveLength(low.length);
      for (const [i, value] of rest.entries()) {
        expect(value).toBeGreaterThanOrEqual(low[i]!);
        expect(value).toBeLessThanOrEqual(high[i]!);
        expect(maxRate[i]).toBeGreaterThan(0);
      }
    });

    it('goes the same way with the same seed, and another way with another', () => {
      const world = fresh();
      const numbers = (seed: number) => walk(seed, 50).map((state) => world.encodeState(state));
      expect(numbers(1)).toEqual(numbers(1));
      expect(numbers(1)).not.toEqual(numbers(2));
    });

    it('does not change the state it steps from', () => {
      const world = fresh();
      const state = world.reset(seeded(3));
      const before = world.encodeState(state);
      world.step(state, world.actionSpec.high);
      expect(world.encodeState(state)).toEqual(before);
    });

    it('names and keeps every number of its state: restored, it goes on exactly', () => {
      const world = fresh();
      const another = fresh();
      const random = seeded(4);
      for (const state of walk(4, 40)) {
        const numbers = world.encodeState(state);
        expect(numbers).toHaveLength(task.stateNames.length);
        expect(numbers.every(Number.isFinite)).toBe(true);
        const restored = another.decodeState(Float64Array.from(numbers));
        const action = uniform(world as World<unknown>, random);
        expect(world.encodeState(world.step(restored, action))).toEqual(world.encodeState(world.step(state, action)));
        expect(another.render(restored, 64).data).toEqual(world.render(state, 64).data);
      }
    });

    it('paints any size, the same bytes for the same state, and other bytes after moving', () => {
      const [first, ...later] = walk(5, 30);
      const [world, another] = [fresh(), fresh()];
      for (const size of [64, 96, 128, 224]) {
        const frame = world.render(first!, size);
        expect([frame.width, frame.height, frame.data.length]).toEqual([size, size, size * size * 3]);
        expect(another.render(first!, size).data).toEqual(frame.data);
        expect(world.render(later.at(-1)!, size).data).not.toEqual(frame.data);
      }
    });

    it('measures what its cameras see, where it can', () => {
      const world = fresh();
      const [state] = walk(10, 1);
      const sensed = world.sense?.(state!, 64);
      if (!world.view || !sensed) return expect(world.view).toBe(undefined);
      expect(sensed.depth).toHaveLength(64 * 64);
      const seen = new Set(sensed.segments);
      expect(seen.size).toBeGreaterThan(2);
      for (const [i, name] of sensed.segments.entries()) {
        expect(sensed.depth[i] === Number.POSITIVE_INFINITY).toBe(name === 0);
        if (name > sensed.geoms.length) expect.fail(`segment ${name} of ${sensed.geoms.length} geoms`);
      }
      expect(fresh().sense!(state!, 64)).toEqual(sensed);
    });

    it('tells the states of things in as many finite numbers, whatever the state', () => {
      const world = fresh();
      const shapes = walk(12, 20).map((state) =>
        Object.entries(task.objects!(world, state)).map(([thing, numbers]) => {
          expect(numbers.every(Number.isFinite), thing).toBe(true);
          return `${thing} ${numbers.length}`;
        }),
      );
      expect(shapes[0]!.length).toBeGreaterThan(0);
      expect(new Set(shapes.map((each) => each.join())).size).toBe(1);
    });

    it('gives every picture its own bytes', () => {
      const world = fresh();
      const [first, second] = walk(6, 1);
      const frame = world.render(first!, 64);
      const copy = frame.data.slice();
      world.render(second!, 64);
      expect(frame.data).toEqual(copy);
    });

    it('places the thing that matters inside the picture', () => {
      const world = fresh();
      for (const state of walk(7, 200)) {
        for (const value of world.locate(state)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }
    });

    it('treats actions beyond the limits as the limits', () => {
      const world = fresh();
      const state = world.reset(seeded(8));
      const beyond = world.actionSpec.high.map((value) => value * 10);
      expect(world.encodeState(world.step(state, beyond))).toEqual(
        world.encodeState(world.step(state, world.actionSpec.high)),
      );
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses an action with %s in it, or of another length', (bad) => {
      const world = fresh();
      const state = world.reset(seeded(9));
      const spoilt = world.actionSpec.rest.map((value, i) => (i === 0 ? bad : value));
      expect(() => world.step(state, spoilt)).toThrow(RangeError);
      expect(() => world.step(state, [...world.actionSpec.rest, 0])).toThrow(RangeError);
      expect(() => world.step(state, [])).toThrow(RangeError);
    });

    it('offers goals that are not reached at the start', () => {
      const world = fresh();
      for (let seed = 0; seed < 30; seed++) {
        const state = world.reset(seeded(seed));
        for (const far of [false, true]) {
          const goal = task.goal(world, state, seeded(seed).fork(`${far}`), far);
          expect(task.reached(state, goal)).toBe(false);
          expect(task.reached(goal, goal)).toBe(true);
        }
      }
    });
  });
}

/** An expert that, left alone with its low noise, gets there in at least 95 of 100 episodes. */
export function itHasAnExpert<State>(
  name: string,
  task: Task<State>,
  world: World<State>,
  expertOf: (random: Random) => (state: State) => Action,
  isThere: (state: State) => boolean,
  steps: number,
): void {
  it(`${name}: the expert gets there`, () => {
    let reached = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = seeded(seed);
      const act = expertOf(random.fork('expert'));
      let state = world.reset(random.fork('reset'));
      for (let i = 0; i < steps && !isThere(state); i++) state = world.step(state, act(state));
      if (isThere(state)) reached++;
    }
    expect(reached, task.name).toBeGreaterThanOrEqual(95);
  });
}
