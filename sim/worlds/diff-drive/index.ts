import type { Action, ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import { pulled } from '../../mujoco/mujoco.ts';
import { simulationOf } from '../../mujoco/pool.ts';
import { noisy } from '../../noise.ts';
import type { World } from '../../world.ts';
import { clearance, type Point, ROOM } from './furniture.ts';
import type { Layout } from './layout.ts';
import { diffDriveModel, OVERHEAD, RIDE, SUBSTEPS, TIMESTEP, WHEEL } from './model.ts';
import { eyesOf } from './picture.ts';

/** Metres and radians: x to the east, y to the north, yaw from east to north. */
export type Pose = { readonly x: number; readonly y: number; readonly yaw: number };
/**
 * Where the wheels say the robot is, and how fast it goes, m/s and rad/s. Tyres scrub in turns, so it drifts away from the
 * truth by 5 to 10 % of what was turned.
 */
export type Odometry = Pose & { readonly v: number; readonly w: number };

/** `physics`: MuJoCo's integration state. `target`: where the expert is to go. */
export type DiffDriveState = {
  readonly physics: readonly number[];
  readonly odometry: Odometry;
  readonly target: Pose;
};

/** The robot's room with its layout, for the expert and the protocols. */
export interface DiffDrive extends World<DiffDriveState> {
  readonly layout: Layout;
  odometry(state: DiffDriveState): Odometry;
  /** A robot that stands at a pose, which is its target too. */
  standing(pose: Pose): DiffDriveState;
}

const actionSpec: ActionSpec = {
  low: [-0.5, -2],
  high: [0.5, 2],
  rest: [0, 0],
  maxRate: [2, 8],
  names: ['linear.x', 'angular.z'],
};

const PERIOD = TIMESTEP * SUBSTEPS;
/** Numbers in MuJoCo's state: time, 9 positions, 8 velocities, 8 remembered, 2 controls, 8 + 24 forces. */
const PHYSICS = 60;
/** Where the wheels' angles are among them. */
const LEFT = 8;
const RIGHT = 9;
/** Robots and targets are put where this much is free around the hull, m. */
const FREE = 0.12;

const physicsNames = [
  'time',
  ...['x', 'y', 'z', 'qw', 'qx', 'qy', 'qz', 'left', 'right'],
  ...['vx', 'vy', 'vz', 'wx', 'wy', 'wz', 'leftRate', 'rightRate'],
];

/** The names of an encoded state's numbers. */
export const stateNames: readonly string[] = [
  ...Array.from({ length: PHYSICS }, (_, i) => physicsNames[i] ?? `mujoco${i}`),
  ...['odomX', 'odomY', 'odomYaw', 'odomV', 'odomW'],
  ...['targetX', 'targetY', 'targetYaw'],
];

/** Where the robot truly is. */
export function poseOf({ physics: p }: DiffDriveState): Pose {
  const [w, x, y, z] = [p[4]!, p[5]!, p[6]!, p[7]!];
  return { x: p[1]!, y: p[2]!, yaw: Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) };
}

/**
 * A robot with two driven wheels in a furnished room, driven by forward speed and turning rate, seen through its own camera
 * (`front`, the usual one) and from above (`overhead`). `loadMujoco` first. Throws `RangeError` for a NaN action and an unknown camera.
 */
export function diffDriveWorld(layout: Layout): DiffDrive {
  const mjcf = diffDriveModel(layout);
  const { render, scene, sense } = eyesOf(layout);
  const step = (state: DiffDriveState, action: Action): DiffDriveState => {
    const [v, w] = checked(action);
    const turning = (w * WHEEL.track) / 2;
    const control = [(v - turning) / WHEEL.radius, (v + turning) / WHEEL.radius];
    const physics = simulationOf(mjcf).step(state.physics, control, SUBSTEPS);
    return { physics, odometry: rolled(state, physics), target: state.target };
  };
  const standing = ({ x, y, yaw }: Pose): DiffDriveState => {
    const physics = simulationOf(mjcf).initial();
    const [c, s] = [Math.cos(yaw / 2), Math.sin(yaw / 2)];
    physics.splice(1, 7, x, y, RIDE, c, 0, 0, s);
    const still = { x, y, yaw, v: 0, w: 0 };
    const settled = step({ physics, odometry: still, target: still }, [0, 0]);
    return { physics: settled.physics, odometry: still, target: { x, y, yaw } };
  };
  return {
    layout,
    actionSpec,
    periodMs: PERIOD * 1000,
    reset: (random) => ({ ...standing(drawPose(layout, random)), target: drawPose(layout, random.fork('target')) }),
    step,
    standing,
    render: (state, size, camera = 'front') => {
      // Drivers name a robot's only camera `camera`.
      const seen = camera === 'camera' ? 'front' : camera;
      const frame = render(simulationOf(mjcf), state.physics, size, seen);
      return layout.cameraNoise > 0 ? noisy(frame, layout.cameraNoise, encodeState(state), seen) : frame;
    },
    pull: (state, what) => ({
      ...state,
      physics: pulled(simulationOf(mjcf), state.physics, what, 1000 * PERIOD),
    }),
    sense: (state, size, camera = 'front') =>
      sense(simulationOf(mjcf), state.physics, size, camera === 'camera' ? 'front' : camera),
    view: (state) => scene(simulationOf(mjcf), state.physics),
    encodeState,
    decodeState,
    locate: (state) => {
      const { x, y } = poseOf(state);
      return [0.5 + x / (2 * OVERHEAD.half), 0.5 - y / (2 * OVERHEAD.half)].map(clampUnit) as [number, number];
    },
    odometry: (state) => state.odometry,
  };
}

/** Uniform where nothing is near, any way round. */
export function drawPose({ obstacles }: Layout, random: Random): Pose {
  for (;;) {
    const place: Point = [ROOM.halfX * (2 * random.uniform() - 1), ROOM.halfY * (2 * random.uniform() - 1)];
    const yaw = Math.PI * (2 * random.uniform() - 1);
    if (clearance(obstacles, place) >= FREE) return { x: place[0], y: place[1], yaw };
  }
}

/** The odometry after a step, by how far the wheels have turned in it. */
function rolled({ odometry: { x, y, yaw }, physics: before }: DiffDriveState, after: readonly number[]): Odometry {
  const left = WHEEL.radius * (after[LEFT]! - before[LEFT]!);
  const right = WHEEL.radius * (after[RIGHT]! - before[RIGHT]!);
  const [way, turn] = [(left + right) / 2, (right - left) / WHEEL.track];
  const heading = yaw + turn / 2;
  return {
    x: x + way * Math.cos(heading),
    y: y + way * Math.sin(heading),
    yaw: wrapped(yaw + turn),
    v: way / PERIOD,
    w: turn / PERIOD,
  };
}

/** An angle in (-pi, pi]. */
export const wrapped = (angle: number): number => angle - 2 * Math.PI * Math.ceil((angle - Math.PI) / (2 * Math.PI));

const encodeState = ({ physics, odometry: { x, y, yaw, v, w }, target }: DiffDriveState): number[] => [
  ...physics,
  ...[x, y, yaw, v, w],
  ...[target.x, target.y, target.yaw],
];

function decodeState(values: ArrayLike<number>): DiffDriveState {
  const physics = Array.from({ length: PHYSICS }, (_, i) => values[i]!);
  const [x, y, yaw, v, w, tx, ty, tyaw] = Array.from({ length: 8 }, (_, i) => values[PHYSICS + i]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { physics, odometry: { x, y, yaw, v, w }, target: { x: tx, y: ty, yaw: tyaw } };
}

function checked(action: Action): readonly [number, number] {
  const [v, w] = action;
  if (action.length !== 2 || !Number.isFinite(v) || !Number.isFinite(w)) {
    throw new RangeError(`action must be two finite numbers, got [${action.join(', ')}]`);
  }
  return [within(v!, 0), within(w!, 1)];
}

const within = (value: number, axis: number): number =>
  Math.min(actionSpec.high[axis]!, Math.max(actionSpec.low[axis]!, value));
const clampUnit = (value: number): number => Math.min(1, Math.max(0, value));
