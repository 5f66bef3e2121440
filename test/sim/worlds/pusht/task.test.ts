import { describe, expect, it } from 'vitest';
import { playEpisode } from '../../../../sim/play.ts';
import { vary } from '../../../../sim/vary.ts';
import { contactsOf, distanceTo } from '../../../../sim/worlds/pusht/contacts.ts';
import { pushtExpert } from '../../../../sim/worlds/pusht/expert.ts';
import { goRound } from '../../../../sim/worlds/pusht/go-round.ts';
import type { PushT, PushTState } from '../../../../sim/worlds/pusht/index.ts';
import { layoutOf } from '../../../../sim/worlds/pusht/layout.ts';
import { apart, isReached, pushtProtocols } from '../../../../sim/worlds/pusht/protocols.ts';
import { moveBy } from '../../../../sim/worlds/pusht/servo.ts';
import { forms } from '../../../../sim/worlds/pusht/shapes.ts';
import { pusht } from '../../../../sim/worlds/pusht/task.ts';
import { seeded } from '../../../../src/random.ts';
import { itHasAnExpert, itIsAWorld } from '../../../contracts/world.contract.ts';

itIsAWorld('pusht', pusht);
itIsAWorld('pusht, a large plus with absolute actions', pusht, { preset: 'pusht-gym', shape: 'plus', scale: 40 });
itIsAWorld('pusht, all varied', vary(pusht, { colour: 'random', size: 'random', shape: 'random', speed: 'random' }));

const world = pusht.world() as PushT;

describe('the expert of PushT', () => {
  const there = (state: PushTState) => isReached(state, state.target);
  itHasAnExpert('pusht', pusht, world, (random) => pushtExpert(world.layout, random), there, 300);
  itHasAnExpert(
    'pusht, trembling',
    pusht,
    world,
    (random) => pushtExpert(world.layout, random, { noise: 0.1 }),
    there,
    300,
  );

  it.each(forms)('handles the %s', (shape) => {
    const other = pusht.world({ shape }) as PushT;
    let reached = 0;
    for (let seed = 0; seed < 10; seed++) {
      const act = pushtExpert(other.layout, seeded(seed), { pace: 2 });
      let state = other.reset(seeded(seed));
      for (let i = 0; i < 300 && !there(state); i++) state = other.step(state, act(state));
      if (there(state)) reached++;
    }
    expect(reached).toBeGreaterThanOrEqual(8);
  });

  it('knows contacts that touch the block and point into it', () => {
    const contacts = contactsOf(world.layout);
    expect(contacts.length).toBeGreaterThan(25);
    const { boxes } = world.layout.block;
    for (const { agent, normal } of contacts) {
      expect(distanceTo(boxes, agent)).toBeGreaterThan(14.4);
      expect(distanceTo(boxes, agent)).toBeLessThan(15.01);
      expect(distanceTo(boxes, [agent[0] + normal[0] * 17, agent[1] + normal[1] * 17])).toBeLessThan(-1);
    }
  });

  it('goes round the block without touching it', () => {
    const pose = { block: [256, 200], angle: 0.3 } as const;
    let at: readonly [number, number] = [256, 150];
    const end = [256, 340] as const;
    for (let i = 0; i < 80 && Math.hypot(at[0] - end[0], at[1] - end[1]) > 1; i++) {
      const next = goRound(world.layout, pose, at, end);
      const way = Math.hypot(next[0] - at[0], next[1] - at[1]);
      const share = Math.min(1, 10 / Math.max(way, 1e-9));
      at = [at[0] + share * (next[0] - at[0]), at[1] + share * (next[1] - at[1])];
      const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
      const inBlock = [c * (at[0] - 256) + s * (at[1] - 200), c * (at[1] - 200) - s * (at[0] - 256)] as const;
      expect(distanceTo(world.layout.block.boxes, inBlock)).toBeGreaterThan(15);
    }
    expect(Math.hypot(at[0] - end[0], at[1] - end[1])).toBeLessThan(1);
  });

  it.each(['pusht-swm', 'pusht-gym'])('moves the agent by what it wants (%s)', (preset) => {
    const { layout, step, reset } = pusht.world({ preset }) as PushT;
    const state = { ...reset(seeded(3)), agent: [60, 60], block: [300, 300], velocity: [40, -30] } as PushTState;
    const next = step(state, moveBy(layout, state, [12, -7]));
    expect(next.agent[0]).toBeCloseTo(72, 6);
    expect(next.agent[1]).toBeCloseTo(53, 6);
  });
});

describe('what is collected from PushT', () => {
  it('moves the block in most of the blocks of five steps, as an expert does', () => {
    let [moved, blocks] = [0, 0];
    for (let episode = 0; episode < 12; episode++) {
      const { states, actions } = playEpisode(
        pusht,
        world,
        { policy: 'explore', seed: 5, size: 16, frameEvery: 50 },
        episode,
      );
      const at = (step: number) => [...states.subarray(12 * step + 2, 12 * step + 5)];
      for (let step = 0; step + 5 <= actions.length / 2; step += 5, blocks++) {
        const [a, b] = [at(step), at(step + 5)];
        if (Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!) > 0.5) moved++;
      }
    }
    expect(moved / blocks).toBeGreaterThan(0.4);
  });
});

describe('goals of the demo', () => {
  it('are a push away where they are near, and far off or turned round where they are far', () => {
    for (let seed = 0; seed < 12; seed++) {
      const state = world.reset(seeded(seed));
      const [near, far] = [false, true].map((how) => pusht.goal(world, state, seeded(seed), how));
      const off = (goal: PushTState) => Math.hypot(goal.block[0] - state.block[0], goal.block[1] - state.block[1]);
      expect(off(near!)).toBeGreaterThanOrEqual(40);
      expect(off(near!)).toBeLessThan(60);
      expect(off(far!) >= 120 || apart(far!.angle, state.angle) >= 1.2).toBe(true);
      expect(far!.velocity).toEqual([0, 0]);
    }
  });
});

describe('amends of PushT', () => {
  it('begin a little off, most of them, and end in place, at rest', () => {
    let [near, still, ended] = [0, 0, 0];
    const episodes = 24;
    for (let episode = 0; episode < episodes; episode++) {
      const { states } = playEpisode(pusht, world, { policy: 'amends', seed: 5, size: 16, frameEvery: 50 }, episode);
      const at = (step: number) => world.decodeState(states.slice(12 * step, 12 * step + 12));
      const last = states.length / 12 - 1;
      const [{ block, angle, target }, then, end] = [at(0), at(last - 5), at(last)];
      const off = Math.hypot(block[0] - target.block[0], block[1] - target.block[1]);
      if (off <= 70 && apart(angle, target.angle) <= 1) near++;
      if (Math.hypot(end.agent[0] - then.agent[0], end.agent[1] - then.agent[1]) < 12) still++;
      if (last < pusht.maxSteps && isReached(end, target)) ended++;
    }
    expect(near).toBeGreaterThan(0.6 * episodes);
    expect(near).toBeLessThan(episodes);
    expect(still).toBe(episodes);
    expect(ended).toBe(episodes);
  });
});

describe('the protocols of PushT', () => {
  const { historical, 'clear-strict': strict, 'clear-moderate': moderate } = pushtProtocols();
  const goal: PushTState = { ...world.reset(seeded(1)), agent: [200, 200], block: [256, 256], angle: 0.02 };

  it('judge agent and block together, and the angle the short way round', () => {
    const near = { ...goal, agent: [212, 200], block: [256, 271], angle: 2 * Math.PI - 0.3 } as PushTState;
    expect(historical!.success([near], goal)).toBe(true);
    expect(historical!.success([{ ...near, agent: [214, 200] } as PushTState], goal)).toBe(false);
    expect(historical!.success([{ ...near, angle: 0.4 }], goal)).toBe(false);
  });

  it('judge the block alone when strict, for three moments in a row', () => {
    const placed = { ...goal, agent: [400, 400], block: [256, 265] } as PushTState;
    const off = { ...placed, block: [256, 267] } as PushTState;
    expect(strict!.success([placed, placed, placed], goal)).toBe(true);
    expect(strict!.success([placed, placed, off, placed, placed], goal)).toBe(false);
    expect(moderate!.eligible([goal, goal])).toBe(false);
    expect(moderate!.eligible([off, goal])).toBe(true);
  });
});

describe('variations of PushT', () => {
  it.each([
    [{ shape: 'S' }, /'shape' must be one of T, L, Z/],
    [{ scale: 10 }, /'scale' must be a number in 20\.\.60/],
    [{ color: 1 }, /pusht has no variation 'color'/],
  ])('refuses %j', (given, message) => {
    expect(() => layoutOf(given)).toThrow(message);
  });
});
