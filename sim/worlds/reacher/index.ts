import type { Action, ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import { embodied } from '../../mujoco/embodied.ts';
import { eyes } from '../../mujoco/eyes.ts';
import { simulationOf } from '../../mujoco/pool.ts';
import { checkedAction, type World } from '../../world.ts';
import type { Layout } from './layout.ts';
import { LINK, reacherModel, SUBSTEPS, TIMESTEP, WRIST } from './model.ts';

/** Shoulder and wrist, rad; the shoulder is not wrapped. */
export type Joints = readonly [shoulder: number, wrist: number];
/** `physics`: MuJoCo's integration state. `target`: where the expert is to bring the joints. */
export type ReacherState = { readonly physics: readonly number[]; readonly target: Joints };

/** The arm with its layout, for the task. */
export interface Reacher extends World<ReacherState> {
  readonly layout: Layout;
  /** The arm at rest at these joints, which are its target too. */
  resting(joints: Joints): ReacherState;
}

const actionSpec: ActionSpec = {
  low: [-1, -1],
  high: [1, 1],
  rest: [0, 0],
  maxRate: [50, 50], // any change within one step of 40 ms
  names: ['shoulder', 'wrist'],
};

/** Numbers in MuJoCo's state: time, 2 positions, 2 velocities, 2 remembered, 2 controls, 2 + 24 forces. */
const PHYSICS = 1 + 2 + 2 + 2 + 2 + 2 + 6 * 4;
const known = ['time', 'shoulder', 'wrist', 'shoulderRate', 'wristRate'];

export const stateNames: readonly string[] = [
  ...Array.from({ length: PHYSICS }, (_, i) => known[i] ?? `mujoco${i}`),
  ...['targetShoulder', 'targetWrist'],
];

export const jointsOf = ({ physics }: ReacherState): Joints => [physics[1]!, physics[2]!];
export const ratesOf = ({ physics }: ReacherState): Joints => [physics[3]!, physics[4]!];

/** The finger's middle, m. */
export const fingerOf = ([shoulder, wrist]: Joints): readonly [x: number, y: number] => [
  LINK * (Math.cos(shoulder) + Math.cos(shoulder + wrist)),
  LINK * (Math.sin(shoulder) + Math.sin(shoulder + wrist)),
];

/**
 * DM Control's reacher: torques of two joints, 25 steps a second, seen from above (`above`). `loadMujoco` first. Throws
 * `RangeError` for a bad action and an unknown camera.
 */
export function reacherWorld(layout: Layout): Reacher {
  const mjcf = reacherModel(layout);
  const { lighting, colours } = layout;
  const periodMs = 1000 * TIMESTEP * SUBSTEPS;
  const look = eyes({
    usual: 'above',
    background: [0.05, 0.05, 0.08],
    ambient: 0.5 * lighting,
    lights: [
      { direction: [0, 0, 1], strength: 0.4 * lighting },
      { direction: [0.6, -0.4, 0.6], strength: 0.25 * lighting },
    ],
    look: ({ shape }) => {
      if (shape !== 'plane') return {};
      const [r, g, b] = colours.checker;
      return { checker: { rgb: [r / 255, g / 255, b / 255], cell: 0.06 } };
    },
  });
  const resting = (joints: Joints): ReacherState => {
    const physics = simulationOf(mjcf).initial();
    physics.splice(1, 2, ...joints);
    return { physics, target: joints };
  };
  return {
    layout,
    actionSpec,
    periodMs,
    resting,
    ...embodied<ReacherState>(mjcf, look, periodMs),
    reset: (random) => ({ ...resting(drawJoints(random)), target: drawJoints(random.fork('target')) }),
    step: ({ physics, target }, action: Action) => ({
      physics: simulationOf(mjcf).step(physics, checkedAction(actionSpec, action), SUBSTEPS),
      target,
    }),
    encodeState: ({ physics, target }) => [...physics, ...target],
    decodeState: (values) => ({
      physics: Array.from({ length: PHYSICS }, (_, i) => values[i]!),
      target: [values[PHYSICS]!, values[PHYSICS + 1]!],
    }),
    locate: (state) => {
      const [x, y] = fingerOf(jointsOf(state));
      return [0.5 + x / 0.62, 0.5 - y / 0.62];
    },
  };
}

/** As the original draws them. */
export const drawJoints = (random: Random): Joints => [
  Math.PI * (2 * random.uniform() - 1),
  WRIST * (2 * random.uniform() - 1),
];
