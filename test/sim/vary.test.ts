import { describe, expect, it } from 'vitest';
import { vary } from '../../sim/vary.ts';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import { seeded } from '../../src/random.ts';
import { itIsAWorld } from '../contracts/world.contract.ts';

const everything = { colour: 'random', size: 'random', layout: 'random', noise: 'random', distractors: 'random' };

itIsAWorld('two-room, everything varied', vary(twoRoom, everything));
itIsAWorld('two-room behind discs', vary(twoRoom, { distractors: 3, speed: 4 }));

describe('vary', () => {
  it('leaves a world of fixed values as it is', () => {
    const [world, own] = [vary(twoRoom, { speed: 4 }).world(), twoRoom.world({ speed: 4 })];
    const state = own.reset(seeded(1));
    expect(world.reset(seeded(1))).toEqual(state);
    expect(world.render(state, 64)).toEqual(own.render(state, 64));
  });

  it('draws anew for every episode, and says nothing else about it than the state does', () => {
    const task = vary(twoRoom, { colour: 'random' });
    const world = task.world();
    const states = [1, 2, 3].map((seed) => world.reset(seeded(seed)));
    const same = states.map((state) => ({ ...state, own: states[0].own }));
    const pictures = same.map((state) => Buffer.from(world.render(state, 64).data).toString('hex'));
    expect(new Set(pictures).size).toBe(3);
    const restored = task.world().decodeState(world.encodeState(states[1]));
    expect(task.world().render(restored, 64)).toEqual(world.render(states[1], 64));
  });

  it('takes the protocols along: their rules stay, what the world looks like changes', () => {
    const { agent, target } = twoRoom.world().reset(seeded(1));
    const start = { agent: [40, 60] as const, target };
    for (const given of [{ speed: 9 }, { colour: 'random', speed: 9 }]) {
      const { protocols } = vary(twoRoom, given);
      expect(Object.keys(protocols)).toEqual(Object.keys(twoRoom.protocols));
      for (const [name, protocol] of Object.entries(protocols)) {
        const own = twoRoom.protocols[name]!;
        expect([protocol.offset, protocol.budget, protocol.rules]).toEqual([own.offset, own.budget, own.rules]);
        const wrapped = (state: object) => ('colour' in given ? { own: state, draw: 5, tick: 0 } : state);
        const bare = (state: { own?: object }) => state.own ?? state;
        const there = wrapped({ agent, target });
        expect(protocol.success([there], there)).toBe(own.success([bare(there) as never], bare(there) as never));
        const [fast, slow] = [protocol.world, own.world].map((world, i) =>
          world.step((i === 0 ? wrapped(start) : start) as never, [1, 0]),
        );
        expect((bare(fast!) as typeof start).agent[0] - 40).toBeCloseTo(9, 5);
        expect((slow as typeof start).agent[0] - 40).toBeCloseTo(5, 5);
      }
    }
  });

  it('moves distractors and redraws noise from step to step', () => {
    for (const given of [{ distractors: 4 }, { pixelNoise: 10 }]) {
      const world = vary(twoRoom, given).world();
      const state = world.reset(seeded(5));
      const later = { ...state, tick: 7 };
      expect(world.render(later, 64).data).not.toEqual(world.render(state, 64).data);
    }
  });

  it('spreads pixel noise as asked', () => {
    const [noisy, clear] = [
      vary(twoRoom, { pixelNoise: 10 }).world(),
      twoRoom.world({ backgroundColour: [128, 128, 128] }),
    ];
    const state = vary(twoRoom, { pixelNoise: 10, backgroundColour: [128, 128, 128] })
      .world()
      .reset(seeded(6));
    const grey = vary(twoRoom, { pixelNoise: 10, backgroundColour: [128, 128, 128] }).world();
    const [a, b] = [grey.render(state, 96).data, clear.render(state.own, 96).data];
    const off = [...a].map((value, i) => value - b[i]!).filter((_, i) => b[i] === 128);
    const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
    const deviation = Math.sqrt(off.reduce((sum, value) => sum + (value - mean) ** 2, 0) / off.length);
    expect(mean).toBeCloseTo(0, 0);
    expect(deviation).toBeGreaterThan(9.5);
    expect(deviation).toBeLessThan(10.5);
    expect(noisy.actionSpec).toEqual(clear.actionSpec);
  });

  it.each([
    [{ colours: 'random' }, /two-room has no variation 'colours'/, /'colour'/],
    [{ radius: 'random' }, /'radius' must be a number/, /of the agent/],
    [{ pixelNoise: -1 }, /'pixelNoise' must be a number in 0\.\.64/, /grey levels/],
    [{ distractors: 1.5 }, /'distractors' must be a whole number/, /discs/],
    [{ speed: 99, noise: 'random' }, /'speed' must be/, /px per step/],
  ])('refuses %j', (given, message, hint) => {
    expect(() => vary(twoRoom, given as Record<string, unknown>).world()).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });
});
