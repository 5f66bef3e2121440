import { describe, expect, it } from 'vitest';
import { playEpisode } from '../../../../sim/play.ts';
import { diffDriveExpert } from '../../../../sim/worlds/diff-drive/expert.ts';
import { clearance } from '../../../../sim/worlds/diff-drive/furniture.ts';
import { type DiffDrive, type DiffDriveState, poseOf, wrapped } from '../../../../sim/worlds/diff-drive/index.ts';
import { layoutOf } from '../../../../sim/worlds/diff-drive/layout.ts';
import { isReached } from '../../../../sim/worlds/diff-drive/protocols.ts';
import { distance, routes } from '../../../../sim/worlds/diff-drive/route.ts';
import { diffDrive } from '../../../../sim/worlds/diff-drive/task.ts';
import { seeded } from '../../../../src/random.ts';
import { itHasAnExpert, itIsAWorld } from '../../../contracts/world.contract.ts';

await diffDrive.prepare!();

const variants: [string, Record<string, unknown>][] = [
  ['diff-drive', {}],
  ['diff-drive, another room with a noisy camera', { boxPlaces: 7, wallColours: 3, cameraNoise: 8, lighting: 0.7 }],
  ['diff-drive, slippery, few boxes', { boxes: 2, friction: 0.3, cameraHeight: 0.4 }],
];
const there = (state: DiffDriveState) => isReached(poseOf(state), state.target);

for (const [name, variations] of variants) itIsAWorld(name, diffDrive, variations);

const world = diffDrive.world() as DiffDrive;
itHasAnExpert(
  'diff-drive',
  diffDrive,
  world,
  (random) => diffDriveExpert(world.layout, random),
  there,
  diffDrive.maxSteps,
);
const { obstacles } = world.layout;

describe('the expert', () => {
  it('keeps off walls and furniture on its way', () => {
    for (let seed = 0; seed < 15; seed++) {
      const random = seeded(seed);
      const act = diffDriveExpert(world.layout, random.fork('expert'), 0);
      for (let state = world.reset(random.fork('reset')), i = 0; !there(state) && i < 200; i++) {
        state = world.step(state, act(state));
        const { x, y } = poseOf(state);
        expect(clearance(obstacles, [x, y])).toBeGreaterThan(0.02);
      }
    }
  });

  it('gets off what it stands against', () => {
    // Nose against the red box, the target behind it.
    const red = obstacles[0]!;
    let state = world.standing({ x: red.x - 0.7, y: red.y, yaw: 0 });
    for (let i = 0; i < 20; i++) state = world.step(state, [0.5, 0]);
    expect(clearance(obstacles, [poseOf(state).x, poseOf(state).y])).toBeLessThan(0.01);
    state = { ...state, target: { x: red.x + 0.75, y: red.y, yaw: 1 } };
    const act = diffDriveExpert(world.layout, seeded(1), 0);
    for (let i = 0; i < 150 && !there(state); i++) state = world.step(state, act(state));
    expect(there(state)).toBe(true);
  });
});

describe('a route', () => {
  const route = routes(obstacles);

  it('is straight where nothing is in between', () => {
    expect(route([-2, -1.5], [2, -0.9])).not.toEqual([2, -0.9]);
    expect(route([-2, 0.3], [-0.8, 0.3])).toEqual([-0.8, 0.3]);
  });

  it('leads round everything, never longer than it must', () => {
    const random = seeded(5);
    for (let i = 0; i < 60; i++) {
      const [from, to] = [world.reset(random.fork(i)), world.reset(random.fork(`${i} to`))].map((state) => {
        const { x, y } = poseOf(state);
        return [x, y] as const;
      }) as [readonly [number, number], readonly [number, number]];
      let [at, way] = [from, 0];
      for (let turns = 0; at !== to && turns < 20; turns++) {
        const next = route(at, to);
        way += distance(at, next);
        at = next;
      }
      expect(at).toBe(to);
      expect(way).toBeLessThan(distance(from, to) + 1.5);
    }
  });
});

describe('collecting', () => {
  const recipe = { seed: 4, size: 32, frameEvery: 5 };

  it('stops with the expert at its target, and roams while exploring', () => {
    const calm = playEpisode(diffDrive, world, { ...recipe, policy: 'expert' }, 0);
    const stateSize = diffDrive.stateNames.length;
    const last = world.decodeState(calm.states.slice(-stateSize));
    expect(there(last)).toBe(true);
    expect(calm.actions.length / 2).toBeLessThan(200);

    const targets = new Set<number>();
    for (let index = 0; index < 4; index++) {
      const wild = playEpisode(diffDrive, world, { ...recipe, policy: 'explore' }, index);
      expect(wild.actions.length / 2).toBe(200);
      for (let i = stateSize; i <= wild.states.length; i += stateSize) targets.add(wild.states[i - 1]!);
    }
    expect(targets.size).toBeGreaterThan(6);
  });

  it('refuses a camera that is not there', () => {
    expect(() => world.render(world.reset(seeded(1)), 64, 'rear')).toThrow(
      /camera must be one of overhead, front, got rear/,
    );
  });
});

describe('goals', () => {
  it('are to be seen from afar or near by, and reached by place and heading', () => {
    const state = world.standing({ x: -2, y: 0, yaw: 0 });
    for (let seed = 0; seed < 20; seed++) {
      const near = poseOf(diffDrive.goal(world, state, seeded(seed), false));
      expect(distance([-2, 0], [near.x, near.y])).toBeLessThan(2);
    }
    const goal = world.standing({ x: -2, y: 0.1, yaw: 0.2 });
    expect(diffDrive.reached(state, goal)).toBe(true);
    expect(diffDrive.reached(state, world.standing({ x: -2, y: 0.16, yaw: 0 }))).toBe(false);
    expect(diffDrive.reached(state, world.standing({ x: -2, y: 0, yaw: 0.3 }))).toBe(false);
    expect(
      diffDrive.reached(world.standing({ x: 0, y: -1, yaw: 3.1 }), world.standing({ x: 0, y: -1, yaw: -3.1 })),
    ).toBe(true);
  });
});

describe('the protocols', () => {
  const { historical, 'clear-moderate': moderate, 'clear-strict': strict } = diffDrive.protocols;
  const at = (x: number, y = 0, yaw = 0) => world.standing({ x, y, yaw });

  it('take fair pairs only', () => {
    const moved = [at(-2), at(-1.7), at(-1.4)];
    expect(moderate!.eligible(moved)).toBe(true);
    expect(moderate!.eligible(moved.slice(0, 2))).toBe(false);
    expect(historical!.eligible(moved.slice(0, 1))).toBe(true);
    const bumped = world.step(at(-2.3, 0, Math.PI), [0.5, 0]);
    let pushed = bumped;
    for (let i = 0; i < 5; i++) pushed = world.step(pushed, [0.5, 0]);
    expect(moderate!.eligible([at(-1.4), pushed, at(-1.8)])).toBe(false);
    expect(strict!.success([at(-1.4), pushed, at(-1.8)], at(-1.8))).toBe(false);
    expect(moderate!.success([at(-1.4), pushed, at(-1.8)], at(-1.8))).toBe(true);
  });

  it('judge strictly by nearer places and headings', () => {
    const nearly = [at(-1.4), at(-1.88)];
    expect(historical!.success(nearly, at(-2))).toBe(true);
    expect(strict!.success(nearly, at(-2))).toBe(false);
    expect(strict!.success([...nearly, at(-1.92, 0, 0.1)], at(-2))).toBe(true);
  });
});

describe('angles', () => {
  it('are wrapped to (-pi, pi]', () => {
    expect(wrapped(Math.PI)).toBe(Math.PI);
    expect(wrapped(-Math.PI)).toBe(Math.PI);
    expect(wrapped(7)).toBeCloseTo(7 - 2 * Math.PI, 12);
    expect(wrapped(-7)).toBeCloseTo(2 * Math.PI - 7, 12);
  });
});

describe('variations', () => {
  it.each([
    [{ freeze: 1 }, /no variation 'freeze'/, /known: boxes/],
    [{ boxs: 1 }, /no variation 'boxs'/, /did you mean 'boxes'/],
    [{ boxes: 7 }, /'boxes' must be a whole number in 0..6, got 7/, /boxes and cylinders/],
    [{ lighting: 'dark' }, /'lighting' must be a number in 0.3..1.5, got "dark"/, /brightness/],
    [{ wallColours: -1 }, /'wallColours' must be a whole number from 0 on/, /seed/],
    [{ cameraNoise: Number.NaN }, /'cameraNoise' must be/, /grey levels/],
  ])('refuses %j', (given, message, hint) => {
    let thrown: unknown;
    try {
      layoutOf(given);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('put furniture where the robot can get round it', () => {
    for (let boxPlaces = 1; boxPlaces < 30; boxPlaces++) {
      const room = layoutOf({ boxPlaces });
      expect(room.obstacles.length).toBeGreaterThanOrEqual(5);
      for (const [i, { x, y, halfX, halfY }] of room.obstacles.entries()) {
        const others = room.obstacles.filter((_, k) => k !== i);
        expect(clearance(others, [x, y])).toBeGreaterThan(Math.min(halfX, halfY) + 0.3);
      }
    }
  });
});
