import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Motion, pushStep } from '../../../../sim/worlds/pusht/physics.ts';
import { blockOf, type Point } from '../../../../sim/worlds/pusht/shapes.ts';
import { seeded } from '../../../../src/random.ts';

type Episode = {
  readonly start: { readonly agent: Point; readonly block: Point; readonly angle: number };
  readonly actions: readonly Point[];
  readonly states: readonly (readonly number[])[];
};
const golden = JSON.parse(readFileSync(new URL('../../../fixtures/pusht/chipmunk.json', import.meta.url), 'utf8')) as {
  readonly every: number;
  readonly free: readonly Episode[];
  readonly wall: readonly Episode[];
};

const push = { block: blockOf('T', 30), agentRadius: 15 };
const towards = ({ agent }: Motion, [x, y]: Point): Point => [agent[0] + 100 * x, agent[1] + 100 * y];
const play = ({ start, actions }: Pick<Episode, 'start' | 'actions'>): Motion[] => {
  const motions: Motion[] = [{ ...start, velocity: [0, 0] as Point }];
  for (const action of actions) motions.push(pushStep(push, motions.at(-1)!, towards(motions.at(-1)!, action)));
  return motions.slice(1);
};
const wrapped = (angle: number) => Math.abs(Math.atan2(Math.sin(angle), Math.cos(angle)));

/** How far the last states are from Chipmunk's, sorted. */
function errors(episodes: readonly Episode[]) {
  const off = episodes.map((episode) => {
    const end = play(episode).at(-1)!;
    const [ax, ay, bx, by, angle] = episode.states.at(-1)! as [number, number, number, number, number];
    return {
      agent: Math.hypot(end.agent[0] - ax, end.agent[1] - ay),
      block: Math.hypot(end.block[0] - bx, end.block[1] - by),
      angle: wrapped(end.angle - angle),
    };
  });
  const sorted = (name: 'agent' | 'block' | 'angle') => off.map((each) => each[name]).sort((a, b) => a - b);
  return { agent: sorted('agent'), block: sorted('block'), angle: sorted('angle') };
}
const quantile = (sorted: readonly number[], share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;

describe('the physics of PushT', () => {
  it('stay as close to Chipmunk as a judge needs, after 50 steps from 60 states', () => {
    const { agent, block, angle } = errors(golden.free);
    expect(block).toHaveLength(60);
    expect(quantile(block, 0.5)).toBeLessThan(0.2);
    expect(quantile(block, 0.9)).toBeLessThan(1);
    expect(quantile(angle, 0.9)).toBeLessThan(0.01);
    expect(agent.at(-1)).toBeLessThan(1e-4);
  });

  it('stay close when the block is pushed to a wall', () => {
    const { block } = errors(golden.wall);
    expect(quantile(block, 0.5)).toBeLessThan(0.5);
  });

  it('move the block only while it is pushed', () => {
    const far: Motion = { agent: [60, 60], velocity: [300, 0], block: [300, 300], angle: 1 };
    const next = pushStep(push, far, [100, 60]);
    expect(next.block[0]).toBeCloseTo(300, 9);
    expect(next.block[1]).toBeCloseTo(300, 9);
    expect(next.agent[0]).toBeGreaterThan(60);
  });

  it('depend on nothing but the motion: whatever was stepped in between, the bits are the same', () => {
    const random = seeded(5);
    const motions = play(golden.free[3]!);
    for (let i = 0; i + 1 < motions.length; i++) {
      play({ start: golden.free[i % 60]!.start, actions: [[random.uniform(), random.uniform()]] });
      const action = golden.free[3]!.actions[i + 1]!;
      expect(pushStep(push, motions[i]!, towards(motions[i]!, action))).toEqual(motions[i + 1]);
    }
  });

  it('turns a block about the place the original does: moments of 3,000 and 5,333 for the two scales', () => {
    expect(blockOf('T', 30)).toMatchObject({ moment: 3000, centre: [0, 45] });
    expect(blockOf('T', 40).moment).toBeCloseTo(16_000 / 3, 9);
  });
});
