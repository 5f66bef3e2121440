import type { ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import { embodied } from '../../mujoco/embodied.ts';
import { eyes } from '../../mujoco/eyes.ts';
import { simulationOf } from '../../mujoco/pool.ts';
import { checkedAction, type World } from '../../world.ts';
import type { Layout } from './layout.ts';
import { centreOf, type Point } from './maze.ts';
import { ORIGIN, pointMazeModel, SUBSTEPS, TIMESTEP } from './model.ts';

/** `physics`: MuJoCo's integration state. `target`: where the expert is to go, m. */
export type PointMazeState = { readonly physics: readonly number[]; readonly target: Point };

/** The maze with its layout, for the task. */
export interface PointMaze extends World<PointMazeState> {
  readonly layout: Layout;
  /** The ball at rest at a place, which is its target too. */
  resting(place: Point): PointMazeState;
}

const actionSpec: ActionSpec = {
  low: [-1, -1],
  high: [1, 1],
  rest: [0, 0],
  maxRate: [40, 40], // any change within one step of 50 ms
  names: ['x', 'y'],
};

/** Numbers in MuJoCo's state: time, 2 positions, 2 velocities, 2 remembered, 2 controls, 2 + 12 forces. */
const PHYSICS = 1 + 2 + 2 + 2 + 2 + 2 + 6 * 2;
const known = ['time', 'x', 'y', 'velocityX', 'velocityY'];
/** The original holds velocities within these limits before every step, m/s. */
const FASTEST = 5;
/** Starts and targets are drawn this far around the middle of a cell, m. */
const AROUND = 0.25;

export const stateNames: readonly string[] = [
  ...Array.from({ length: PHYSICS }, (_, i) => known[i] ?? `mujoco${i}`),
  ...['targetX', 'targetY'],
];

export const placeOf = ({ physics }: PointMazeState): Point => [ORIGIN + physics[1]!, ORIGIN + physics[2]!];
export const velocityOf = ({ physics }: PointMazeState): Point => [physics[3]!, physics[4]!];
export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/**
 * D4RL's maze2d: a ball pushed through a maze, 20 steps a second, seen from above (`above`). `loadMujoco` first. Throws
 * `RangeError` for a bad action and an unknown camera.
 */
export function pointMazeWorld(layout: Layout): PointMaze {
  const mjcf = pointMazeModel(layout);
  const { lighting, maze } = layout;
  const periodMs = 1000 * TIMESTEP * SUBSTEPS;
  const look = eyes({
    usual: 'above',
    background: [0.05, 0.05, 0.08],
    ambient: 0.55 * lighting,
    lights: [{ direction: [0.3, -0.4, 0.9], strength: 0.45 * lighting }],
  });
  const resting = (place: Point): PointMazeState => {
    const physics = simulationOf(mjcf).initial();
    physics.splice(1, 2, place[0] - ORIGIN, place[1] - ORIGIN);
    return { physics, target: place };
  };
  const half = Math.max(maze.rows.length, maze.rows[0]!.length) / 2;
  const middle = [(maze.rows.length + 1) / 2, (maze.rows[0]!.length + 1) / 2] as const;
  return {
    layout,
    actionSpec,
    periodMs,
    resting,
    ...embodied<PointMazeState>(mjcf, look, periodMs),
    reset: (random) => ({ ...resting(drawPlace(layout, random)), target: drawPlace(layout, random.fork('target')) }),
    step: ({ physics, target }, action) => {
      const held = [...physics];
      for (const i of [3, 4]) held[i] = Math.min(FASTEST, Math.max(-FASTEST, held[i]!));
      return { physics: simulationOf(mjcf).step(held, checkedAction(actionSpec, action), SUBSTEPS), target };
    },
    encodeState: ({ physics, target }) => [...physics, ...target],
    decodeState: (values) => ({
      physics: Array.from({ length: PHYSICS }, (_, i) => values[i]!),
      target: [values[PHYSICS]!, values[PHYSICS + 1]!],
    }),
    locate: (state) => {
      const [x, y] = placeOf(state);
      const unit = (value: number) => Math.min(1, Math.max(0, value));
      return [unit(0.5 + (x - middle[0]) / (2 * half)), unit(0.5 - (y - middle[1]) / (2 * half))];
    },
  };
}

/** Near the middle of any free cell. */
export function drawPlace({ maze }: Pick<Layout, 'maze'>, random: Random): Point {
  const [x, y] = centreOf(maze.free[random.integer(maze.free.length)]!);
  return [x + AROUND * (2 * random.uniform() - 1), y + AROUND * (2 * random.uniform() - 1)];
}
