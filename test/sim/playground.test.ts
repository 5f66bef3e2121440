import { describe, expect, it } from 'vitest';
import { type Moment, playground } from '../../sim/playground.ts';
import { vary } from '../../sim/vary.ts';
import type { TwoRoomState } from '../../sim/worlds/two-room/index.ts';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import { virtualClock } from '../../src/clock.ts';
import { seeded } from '../../src/random.ts';

function open(policy: string) {
  const clock = virtualClock();
  const moments: Moment<TwoRoomState>[] = [];
  const play = playground({
    task: twoRoom,
    world: twoRoom.world(),
    policy,
    random: seeded(1),
    clock,
    onMoment: (moment) => moments.push(moment),
  });
  return { clock, moments, play, last: () => moments.at(-1)! };
}

describe('a playground', () => {
  it('shows the start, waits, and goes one step when told to', async () => {
    const { clock, moments, play } = open('random');
    await clock.advance(1000);
    expect(moments).toHaveLength(1);
    play.step();
    expect(moments.map(({ step }) => step)).toEqual([0, 1]);
    expect(play.trace.actions).toHaveLength(1);
  });

  it('runs by the clock, in slow motion, and stops', async () => {
    const { clock, moments, play } = open('random');
    play.run();
    await clock.advance(1000);
    expect(moments).toHaveLength(11);
    play.setSpeed(0.1);
    await clock.advance(3000);
    expect(moments).toHaveLength(14);
    play.step(); // not while it runs
    play.pause();
    await clock.advance(3000);
    expect(moments).toHaveLength(14);
  });

  it('begins another episode when a policy is done, at the goal shown, or out of time', async () => {
    const { clock, moments, play } = open('expert');
    play.run();
    await clock.advance(60_000);
    const ends = moments.filter(({ episode }, i) => moments[i + 1] && moments[i + 1]!.episode !== episode);
    expect(ends.length).toBeGreaterThan(4);
    expect(ends.every(({ reached, step }) => reached || step === twoRoom.maxSteps)).toBe(true);
    expect(ends.some(({ reached }) => reached)).toBe(true);
  });

  it('obeys keys and the pointer when driven by hand, and rests without', () => {
    const { play, last } = open('manual');
    play.step();
    expect(last().action).toEqual([0, 0]);
    play.hold(['ArrowRight', 'ArrowDown', 'KeyX', 'constructor']);
    play.step();
    expect(last().action).toEqual([1, 1]);
    const place: [number, number] = [0.2, 0.9];
    play.hold([], place);
    for (let i = 0; i < 60; i++) play.step();
    const [x, y] = twoRoom.world().locate(last().state);
    expect(y).toBeCloseTo(place[1], 2);
    expect(Math.abs(x - place[0])).toBeLessThan(0.31); // perhaps the wall is between
  });

  it('goes on with another policy from where it is', () => {
    const { play, last } = open('manual');
    play.hold(['ArrowUp']);
    for (let i = 0; i < 5; i++) play.step();
    const before = last();
    play.setPolicy('expert');
    play.step();
    expect(last().episode).toBe(before.episode);
    expect(play.trace.states).toHaveLength(7);
    expect(() => play.setPolicy('exprt')).toThrow(/no policy 'exprt'/);
    expect(play.policy).toBe('expert');
  });

  it('draws a thing about for as long as it is held', () => {
    const { play, last } = open('manual');
    const from = twoRoom.world().locate(last().state);
    const to = [from[0] < 0.5 ? 0.3 : 0.7, 0.5];
    play.pull({ body: 'agent', from, to });
    for (let i = 0; i < 20; i++) play.step();
    const [x, y] = twoRoom.world().locate(last().state);
    expect([x, y].map((value) => Math.round(value * 100) / 100)).toEqual(to);
    play.pull(undefined);
    const state = last().state;
    play.step();
    expect(last().state).toEqual(state);
  });

  it('is the same again with the same seed, under variations too', () => {
    const states = () => {
      const task = vary(twoRoom, { colour: 'random', distractors: 2 });
      const world = task.world();
      const seen: number[][] = [];
      const random = seeded(3);
      const onMoment = ({ state }: Moment<unknown>) => seen.push(world.encodeState(state));
      const play = playground({ task, world, policy: 'explore', random, clock: virtualClock(), onMoment });
      for (let i = 0; i < 120; i++) play.step();
      return seen;
    };
    expect(states()).toEqual(states());
  });
});
