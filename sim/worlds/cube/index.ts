import type { ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import { embodied } from '../../mujoco/embodied.ts';
import { eyes } from '../../mujoco/eyes.ts';
import { posed, type Simulation } from '../../mujoco/mujoco.ts';
import { simulationOf } from '../../mujoco/pool.ts';
import { checkedAction, type World } from '../../world.ts';
import type { Layout } from './layout.ts';
import { cubeModel, HOME, JOINTS, OPENING, SUBSTEPS, TIMESTEP } from './model.ts';
import { type Pinch, pinchOf, reach } from './reach.ts';

export type Place = readonly [x: number, y: number, z: number];
/** `physics`: MuJoCo's integration state. `target`: where the expert is to put the cube, m. */
export type CubeState = { readonly physics: readonly number[]; readonly target: Place };

/** What matters of a state. */
export type Seen = Pinch & {
  readonly cube: Place;
  /** Quaternion, w first, and the turn about the vertical, rad. */
  readonly attitude: readonly [number, number, number, number];
  readonly cubeYaw: number;
  /** 0 with the fingers apart, 1 together; and how fast they open, m/s. */
  readonly closed: number;
  readonly opening: number;
};

/** The table with its layout, for the task. */
export interface CubeWorld extends World<CubeState> {
  readonly layout: Layout;
  seen(state: CubeState): Seen;
  /** The arm and the cube at rest; the cube's place is the target too. */
  resting(pinch: Pinch, cube: Place, cubeYaw: number): CubeState;
}

const actionSpec: ActionSpec = {
  low: [-1, -1, -1, -1, -1],
  high: [1, 1, 1, 1, 1],
  rest: [0, 0, 0, 0, 0],
  maxRate: [40, 40, 40, 40, 40], // any change within one step of 50 ms
  names: ['x', 'y', 'z', 'yaw', 'grip'],
};
/** What an action of 1 asks for: m, rad, share of the opening. */
export const SCALE = { move: 0.05, yaw: 0.3, grip: 1 };
/** The fingers stay within, m. */
export const REACH = { low: [0.25, -0.35, 0.02], high: [0.6, 0.35, 0.35] } as const;
/** Cubes are put and wanted within, m. */
export const TABLE = { low: [0.3, -0.3], high: [0.55, 0.3] } as const;
/** A side of the map that shadows are cast by. */
const SHADOW_CELLS = 256;
/** Hands start at least this high, m. */
const HIGH = 0.2;

/** Numbers in MuJoCo's state: time, 15 positions, 14 velocities, 14 remembered, 7 controls, 14 + 72 forces, 1 switch. */
const PHYSICS = 1 + 15 + 14 + 14 + 7 + 14 + 6 * 12 + 1;
const known = [
  'time',
  ...[...JOINTS, 'finger1', 'finger2', 'cubeX', 'cubeY', 'cubeZ', 'cubeQw', 'cubeQx', 'cubeQy', 'cubeQz'],
];
const AT = { finger: 7, cube: 9, fingerRate: 1 + 15 + 6 };

export const stateNames: readonly string[] = [
  ...Array.from({ length: PHYSICS }, (_, i) => known[i] ?? `mujoco${i}`),
  ...['targetX', 'targetY', 'targetZ'],
];

/** Where the cube is, m. */
export const cubeOf = ({ physics }: CubeState): Place => [
  physics[AT.cube]!,
  physics[AT.cube + 1]!,
  physics[AT.cube + 2]!,
];
/** The state with the cube at a place, as it is turned. */
export const movedTo = (state: CubeState, place: Place): CubeState => ({
  ...state,
  physics: state.physics.map((value, i) => place[i - AT.cube] ?? value),
});
export const attitudeOf = ({ physics }: CubeState) =>
  physics.slice(AT.cube + 3, AT.cube + 7) as unknown as Seen['attitude'];

/**
 * A table like OGBench-Cube's single one: an arm with two fingers, moved by where the fingers shall go, and a cube; seen from
 * the front (`front`, the usual one) and from the side (`side`); 20 steps a second. `loadMujoco` first. Throws `RangeError`
 * for a bad action and an unknown camera.
 */
export function cubeWorld(layout: Layout): CubeWorld {
  const mjcf = cubeModel(layout);
  const periodMs = 1000 * TIMESTEP * SUBSTEPS;
  const resting = (pinch: Pinch, cube: Place, cubeYaw: number): CubeState => {
    const simulation = simulationOf(mjcf);
    const home = posed(simulation, simulation.initial(), jointValues(HOME));
    const { joints } = reach(simulation, home, pinch, 100);
    const lying = [...cube, Math.cos(cubeYaw / 2), 0, 0, Math.sin(cubeYaw / 2)];
    const fingers = { f1: OPENING, f2: OPENING };
    return { physics: posed(simulation, home, { ...jointValues(joints), ...fingers, cube: lying }), target: cube };
  };
  return {
    layout,
    actionSpec,
    periodMs,
    resting,
    ...embodied<CubeState>(mjcf, lookOf(layout), periodMs),
    seen: (state) => seenIn(simulationOf(mjcf), state),
    reset: (random) => {
      const cube = drawOnTable(layout, random);
      const state = resting(drawPinch(random), cube, 2 * Math.PI * random.uniform());
      return { ...state, target: drawOnTable(layout, random.fork('target')) };
    },
    step: ({ physics, target }, action) => {
      const [dx, dy, dz, turn, grip] = checkedAction(actionSpec, action) as [number, number, number, number, number];
      const simulation = simulationOf(mjcf);
      const { place, yaw } = pinchOf(simulation, physics);
      const wanted = [dx, dy, dz].map((by, i) =>
        clamp(place[i]! + SCALE.move * by, REACH.low[i]!, REACH.high[i]!),
      ) as unknown as Place;
      const { joints } = reach(simulation, physics, { place: wanted, yaw: yaw + SCALE.yaw * turn });
      const fingers = OPENING * (1 - clamp(closedIn(physics) + SCALE.grip * grip, 0, 1));
      return { physics: simulation.step(physics, [...joints, fingers], SUBSTEPS), target };
    },
    encodeState: ({ physics, target }) => [...physics, ...target],
    decodeState: (values) => ({
      physics: Array.from({ length: PHYSICS }, (_, i) => values[i]!),
      target: [values[PHYSICS]!, values[PHYSICS + 1]!, values[PHYSICS + 2]!],
    }),
    locate: (state) => {
      const [x, y] = cubeOf(state); // as the front camera has it, roughly: y to the right, x towards it
      return [clamp(0.5 + y / 0.9, 0, 1), clamp((x - 0.1) / 0.7, 0, 1)];
    },
  };
}

const lookOf = ({ lighting, shadows, colours }: Layout) =>
  eyes({
    usual: 'front',
    background: [0.35 * lighting, 0.4 * lighting, 0.48 * lighting],
    ambient: 0.45 * lighting,
    shadow: shadows ? SHADOW_CELLS : 0,
    lights: [
      { direction: [0.5, -0.4, 0.9], strength: 0.45 * lighting },
      { direction: [0.2, 0.8, 0.4], strength: 0.2 * lighting },
    ],
    look: ({ shape }) => {
      const [r, g, b] = colours.checker;
      return shape === 'plane' ? { checker: { rgb: [r / 255, g / 255, b / 255], cell: 0.1 } } : {};
    },
  });

function seenIn(simulation: Simulation, state: CubeState): Seen {
  const [w, x, y, z] = attitudeOf(state);
  return {
    ...pinchOf(simulation, state.physics),
    cube: cubeOf(state),
    attitude: [w, x, y, z],
    cubeYaw: Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
    closed: closedIn(state.physics),
    opening: state.physics[AT.fingerRate]!,
  };
}

const closedIn = (physics: readonly number[]) => 1 - clamp(physics[AT.finger]! / OPENING, 0, 1);
const jointValues = (values: readonly number[]) => Object.fromEntries(JOINTS.map((name, i) => [name, values[i]!]));

/** Uniform on the table, lying. */
export function drawOnTable({ half }: Layout, random: Random): Place {
  const draw = (i: 0 | 1) => TABLE.low[i] + (TABLE.high[i] - TABLE.low[i]) * random.uniform();
  return [draw(0), draw(1), half];
}

/** Uniform above the table, any way round. */
export function drawPinch(random: Random): Pinch {
  const draw = (low: number, high: number) => low + (high - low) * random.uniform();
  const place = [0, 1, 2].map((i) => draw(i === 2 ? HIGH : REACH.low[i]!, REACH.high[i]!)) as unknown as Place;
  return { place, yaw: Math.PI * (2 * random.uniform() - 1) };
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
