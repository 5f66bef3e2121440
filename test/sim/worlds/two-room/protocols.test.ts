import { describe, expect, it } from 'vitest';
import type { TwoRoomState } from '../../../../sim/worlds/two-room/index.ts';
import type { Point } from '../../../../sim/worlds/two-room/layout.ts';
import { twoRoomProtocols } from '../../../../sim/worlds/two-room/protocols.ts';

const protocols = twoRoomProtocols();
const [historical, moderate, strict] = ['historical', 'clear-moderate', 'clear-strict'].map((name) => protocols[name]!);
const at = (agent: Point): TwoRoomState => ({ agent, target: [0, 0] });
const route = (...points: Point[]): TwoRoomState[] => points.map(at);
/** Straight through the door. */
const through = route(...Array.from({ length: 26 }, (_, i): Point => [62 + 4 * i, 49]));

describe('the protocols', () => {
  it('are named after themselves, with 25 steps between and 50 to go, or far more', () => {
    for (const [name, protocol] of Object.entries(protocols)) {
      const steps = name === 'far' ? { offset: 100, budget: 200 } : { offset: 25, budget: 50 };
      expect(protocol).toMatchObject({ name, ...steps });
    }
  });

  it('collide as they say: the clear ones sweep the disc', () => {
    const corner = at([98, 68]);
    expect(historical!.world.step(corner, [1, -0.8]).agent).toEqual([103, 64]);
    expect(moderate!.world.step(corner, [1, -0.8]).agent[0]).toBeLessThan(101);
    expect(strict!.world.step(corner, [1, -0.8]).agent).toEqual(moderate!.world.step(corner, [1, -0.8]).agent);
  });
});

describe('historical', () => {
  it('takes any row', () => {
    expect(historical!.eligible(route([50, 50], [50, 50]))).toBe(true);
  });

  it('succeeds within 16 px at any moment, the start included', () => {
    const goal = at([100, 100]);
    expect(historical!.success(route([100, 84.1]), goal)).toBe(true);
    expect(historical!.success(route([100, 84]), goal)).toBe(false);
    expect(historical!.success(route([50, 50], [100, 100], [50, 50]), goal)).toBe(true);
  });
});

describe('far', () => {
  const far = protocols.far!;

  it('takes rows that end in the other room, however they got there', () => {
    expect(far.eligible(route([50, 50], [99, 66], [150, 100]))).toBe(true);
    expect(far.eligible(route([50, 50], [150, 100], [60, 100]))).toBe(false);
    expect(far.eligible(route([50, 50], [106, 60]))).toBe(false); // its disc would not be clear of the wall
  });

  it('succeeds as moderate does, in a world that sweeps the disc', () => {
    expect(far.success).toBe(moderate!.success);
    expect(far.rules).toEqual(moderate!.rules);
  });
});

describe('clear pairs', () => {
  it('are in opposite rooms', () => {
    expect(moderate!.eligible(through)).toBe(true);
    expect(moderate!.eligible(through.slice(0, 10))).toBe(false);
  });

  it('keep the whole disc clear on the way', () => {
    const lifted = (dy: number) => through.map(({ agent: [x, y] }) => at([x, y + dy]));
    expect(moderate!.eligible(lifted(7))).toBe(true);
    expect(moderate!.eligible(lifted(-7))).toBe(true);
    expect(moderate!.eligible(lifted(7.1))).toBe(false);
    expect(strict!.eligible(lifted(-7.1))).toBe(false);
  });

  it('judge the way between the states too', () => {
    const jump = route([99, 66], [105, 52], [121, 49], [130, 49]);
    expect(strict!.eligible(jump)).toBe(false);
    expect(strict!.eligible(route([99, 60], [105, 52], [121, 49], [130, 49]))).toBe(true);
  });

  it('start and end clear of the walls, and not solved', () => {
    expect(moderate!.eligible(route([104, 49], [119, 49]))).toBe(false);
    expect(moderate!.eligible(route([103, 49], [120, 49]))).toBe(true);
    expect(moderate!.eligible(route([60, 20.9], [90, 49], [130, 49]))).toBe(false);
    expect(moderate!.eligible(route([60, 21], [90, 49], [130, 49]))).toBe(true);
  });
});

describe('clear-strict', () => {
  const goal = at([162, 49]);

  it('asks for 8 px where moderate asks for 16', () => {
    const near = through.slice(0, 24);
    expect(near.at(-1)!.agent[0]).toBe(154);
    expect(moderate!.success(near, goal)).toBe(true);
    expect(strict!.success(near, goal)).toBe(false);
    expect(strict!.success(through.slice(0, 25), goal)).toBe(true);
  });

  it('counts the first hit, whatever comes after', () => {
    expect(strict!.success([...through, at([112, 120])], goal)).toBe(true);
  });

  it('asks for a legal crossing and a legal route', () => {
    expect(strict!.success(route([162, 60], [162, 49]), goal)).toBe(false);
    expect(strict!.success(route([100, 100], [124, 100], [162, 49]), goal)).toBe(false);
    expect(strict!.success(route([90, 49], [108, 60], [124, 49], [162, 49]), goal)).toBe(false);
    expect(strict!.success(route([90, 49], [108, 56], [124, 49], [162, 49]), goal)).toBe(true);
  });

  it('asks for the side of the goal', () => {
    const beside = at([115, 49]);
    expect(strict!.success(route([90, 49], [110, 49]), beside)).toBe(false);
    expect(strict!.success(route([90, 49], [110, 49], [113, 49], [111, 49]), beside)).toBe(true);
    expect(strict!.success(route([130, 49], [113, 49], [111, 49]), beside)).toBe(false);
  });
});
