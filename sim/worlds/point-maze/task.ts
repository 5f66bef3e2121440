import type { Random } from '../../../src/random.ts';
import { loadMujoco } from '../../mujoco/mujoco.ts';
import type { Policy, Protocol, Task, World } from '../../world.ts';
import { pointMazeExpert } from './expert.ts';
import { factors } from './factors.ts';
import {
  distance,
  drawPlace,
  type PointMaze,
  type PointMazeState,
  placeOf,
  pointMazeWorld,
  stateNames,
} from './index.ts';

import { layoutOf, variations } from './layout.ts';
import { cellAt, wayBetween } from './maze.ts';
import { RADIUS } from './model.ts';

/** DINO-WM's success, m, and a stricter one of ours. */
const REACHED = 0.5;
const STRICT = 0.2;
const OFFSET = 25;
const BUDGET = 50;
/** A far goal is this many cells away. */
const FAR = 3;
const TRIES = 200;

export const isReached = (state: PointMazeState, goal: PointMazeState, within = REACHED): boolean =>
  distance(placeOf(state), placeOf(goal)) < within;

/** D4RL's maze2d, as DINO-WM uses it: bring the ball to where the goal picture shows it. */
export const pointMaze: Task<PointMazeState> = {
  name: 'point-maze',
  variations,
  factors,
  prepare: loadMujoco,
  world: (given) => pointMazeWorld(layoutOf(given)),
  expert: (world, random) => pointMazeExpert((world as PointMaze).layout, random),
  maxSteps: 150,
  evaluation: { policy: 'explore', variations: {} },
  stateNames,
  objects: (_, state) => ({ ball: placeOf(state) }),
  protocols: protocols(),
  policies: { expert, explore },
  goal: (world, state, random, far) => {
    const { layout, resting } = world as PointMaze;
    for (let tries = 0; ; tries++) {
      const place = drawPlace(layout, random);
      const cells = wayBetween(layout.maze, cellAt(placeOf(state)), cellAt(place)).length - 1;
      const near = cells < FAR && tries < TRIES; // from the middle of a small maze nothing is far
      if (distance(place, placeOf(state)) >= 2 * REACHED && !(far && near)) return resting(place);
    }
  },
  aimed: (state, goal) => ({ ...state, target: placeOf(goal) }),
  reached: (state, goal) => isReached(state, goal),
  keys: {
    ArrowLeft: { does: 'left', action: [-1, 0] },
    ArrowRight: { does: 'right', action: [1, 0] },
    ArrowUp: { does: 'up', action: [0, 1] },
    ArrowDown: { does: 'down', action: [0, -1] },
  },
};

/** DINO-WM's rule, and with pairs that are not solved at the start; the strict one wants the ball nearer. */
function protocols(): Readonly<Record<string, Protocol<PointMazeState>>> {
  const made = (name: string, within: number, fair: boolean): Protocol<PointMazeState> => ({
    name,
    world: pointMazeWorld(layoutOf()),
    offset: OFFSET,
    budget: BUDGET,
    balanced: fair,
    eligible: (recorded) => !fair || !isReached(recorded[0]!, recorded.at(-1)!, REACHED + RADIUS),
    success: (visited, goal) => visited.some((state) => isReached(state, goal, within)),
  });
  return {
    historical: made('historical', REACHED, false),
    'clear-moderate': made('clear-moderate', REACHED, true),
    'clear-strict': made('clear-strict', STRICT, true),
  };
}

/** The expert with a noise drawn per episode, until its target is reached. */
function expert(world: World<PointMazeState>, random: Random): Policy<PointMazeState> {
  const { layout } = world as PointMaze;
  return {
    act: pointMazeExpert(layout, random, 0.3 * random.uniform()),
    next: (state) => state,
    done: (state) => distance(placeOf(state), state.target) < STRICT,
  };
}

/** For training: the noisy expert with a new target whenever one is reached, or pushes that change slowly. */
function explore(world: World<PointMazeState>, random: Random): Policy<PointMazeState> {
  const { layout } = world as PointMaze;
  const act = random.uniform() < 0.4 ? wandering(random) : pointMazeExpert(layout, random, random.uniform());
  return {
    act,
    next: (state) =>
      distance(placeOf(state), state.target) < STRICT ? { ...state, target: drawPlace(layout, random) } : state,
    done: () => false,
  };
}

function wandering(random: Random): () => number[] {
  let push = [0, 0];
  return () => {
    push = push.map((value) => Math.min(1, Math.max(-1, 0.9 * value + 0.4 * random.normal())));
    return push;
  };
}
