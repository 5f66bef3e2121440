import { describe, expect, it } from 'vitest';
import { clearance } from '../../../../sim/worlds/diff-drive/furniture.ts';
import { type DiffDrive, type DiffDriveState, poseOf, wrapped } from '../../../../sim/worlds/diff-drive/index.ts';
import { diffDrive } from '../../../../sim/worlds/diff-drive/task.ts';
import type { Action } from '../../../../src/drivers/driver.ts';
import { seeded } from '../../../../src/random.ts';

await diffDrive.prepare!();

const world = diffDrive.world() as DiffDrive;
const { obstacles } = world.layout;

/** The states on the way. */
function drive(state: DiffDriveState, action: Action, steps: number): DiffDriveState[] {
  const states = [state];
  for (let i = 0; i < steps; i++) states.push(world.step(states.at(-1)!, action));
  return states;
}
const free = (state: DiffDriveState) => clearance(obstacles, [poseOf(state).x, poseOf(state).y]);

describe('the robot', () => {
  it('goes 0.48 m in 2 s at 0.25 m/s, straight on', () => {
    const { x, y, yaw } = poseOf(drive(world.standing({ x: -2, y: -0.2, yaw: 0 }), [0.25, 0], 20).at(-1)!);
    expect(x + 2).toBeGreaterThan(0.47);
    expect(x + 2).toBeLessThan(0.5);
    expect(Math.abs(y + 0.2)).toBeLessThan(1e-6);
    expect(Math.abs(yaw)).toBeLessThan(1e-6);
  });

  it('turns in place at about 1.17 of the 1.25 rad/s asked, either way', () => {
    for (const w of [1.25, -1.25]) {
      const states = drive(world.standing({ x: -2, y: 0, yaw: 0 }), [0, w], 30).slice(10);
      let turned = 0;
      for (const [i, state] of states.entries()) {
        if (i > 0) turned += wrapped(poseOf(state).yaw - poseOf(states[i - 1]!).yaw);
      }
      expect((turned * Math.sign(w)) / 2).toBeGreaterThan(1.1);
      expect((turned * Math.sign(w)) / 2).toBeLessThan(1.24);
      const { x, y } = poseOf(states.at(-1)!);
      expect(Math.hypot(x + 2, y)).toBeLessThan(0.01);
    }
  });

  it('drives backward, and in curves to the side it is told', () => {
    const start = world.standing({ x: 0, y: -1.2, yaw: Math.PI / 2 });
    expect(poseOf(drive(start, [-0.3, 0], 10).at(-1)!).y).toBeLessThan(-1.4);
    const { x, yaw } = poseOf(drive(start, [0.3, 0.8], 15).at(-1)!);
    expect(x).toBeLessThan(-0.1);
    expect(yaw).toBeGreaterThan(Math.PI / 2 + 0.8);
  });

  it('stands still at rest, on its wheels', () => {
    const states = drive(world.standing({ x: -2, y: 0, yaw: 1 }), [0, 0], 100);
    const [first, last] = [poseOf(states[0]!), poseOf(states.at(-1)!)];
    expect(Math.hypot(last.x - first.x, last.y - first.y)).toBeLessThan(1e-3);
    expect(last.yaw).toBeCloseTo(1, 3);
    expect(states.at(-1)!.physics[3]).toBeCloseTo(0.06, 3);
  });

  it('slips where the floor is slippery', () => {
    const slippery = diffDrive.world({ friction: 0.2 }) as DiffDrive;
    const way = (on: DiffDrive) => poseOf(on.step(on.standing({ x: -2, y: 0, yaw: 0 }), [0.5, 0])).x + 2;
    expect(way(slippery)).toBeLessThan(0.8 * way(world));
  });
});

describe('walls and boxes', () => {
  it('hold against a robot that pushes, forward and backward, and leave it upright', () => {
    for (const v of [0.5, -0.5]) {
      for (let seed = 0; seed < 12; seed++) {
        const random = seeded(seed);
        const states = drive(world.reset(random), [v, random.uniform() - 0.5], 120);
        for (const state of states) {
          expect(free(state)).toBeGreaterThan(-0.005);
          expect(Math.abs(state.physics[3]! - 0.06)).toBeLessThan(0.01);
          expect(Math.max(Math.abs(state.physics[5]!), Math.abs(state.physics[6]!))).toBeLessThan(0.05);
        }
        expect(Math.min(...states.map(free))).toBeLessThan(0.02); // it did push
      }
    }
  });
});

describe('the odometry', () => {
  it('tells where the robot is, how fast it goes and turns', () => {
    const start = world.standing({ x: -2, y: 0.1, yaw: 0.3 });
    expect(world.odometry(start)).toEqual({ x: -2, y: 0.1, yaw: 0.3, v: 0, w: 0 });
    const end = drive(start, [0.3, 0.4], 20).at(-1)!;
    const [{ x, y, yaw, v, w }, truth] = [world.odometry(end), poseOf(end)];
    expect(Math.hypot(x - truth.x, y - truth.y)).toBeLessThan(0.06);
    expect(Math.abs(wrapped(yaw - truth.yaw))).toBeLessThan(0.12); // tyres scrub sideways when turning
    expect(Math.abs(v - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(w - 0.4)).toBeLessThan(0.05);
  });

  it('believes its wheels where they slip, as a real one', () => {
    const end = drive(world.standing({ x: -2.2, y: 0, yaw: Math.PI }), [0.5, 0], 40).at(-1)!;
    expect(world.odometry(end).x).toBeLessThan(poseOf(end).x - 0.3);
  });
});

describe('a state', () => {
  it('is plain data that survives JSON and goes on exactly, in another world and among other robots', () => {
    const other = diffDrive.world({ boxPlaces: 2 });
    const start = world.reset(seeded(11));
    const middle = drive(start, [0.4, 0.6], 25).at(-1)!;
    const kept = JSON.parse(JSON.stringify(world.encodeState(middle)));
    const end = drive(middle, [0.2, -1], 25).at(-1)!;
    drive(start, [-0.5, 2], 10);
    other.step(other.reset(seeded(1)), [0.1, 0]);
    const again = drive(diffDrive.world().decodeState(kept) as DiffDriveState, [0.2, -1], 25).at(-1)!;
    expect(world.encodeState(again)).toEqual(world.encodeState(end));
  });
});
