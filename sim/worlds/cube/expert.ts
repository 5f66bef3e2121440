import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { type CubeState, type CubeWorld, clamp, type Place, SCALE, type Seen } from './index.ts';

/** Of OGBench's closed loop: push per metre and per radian, in actions. */
const GAIN = { move: 5, turn: 3 };
/** A move asks for at least so much, m per step scale. */
const LEAST = 0.4;
/** This near in the plane the hand goes down, and this near it closes, m. */
const OVER = 0.03;
export const NEAR_ENOUGH = 0.02;
/** The cube is lost when it is farther from the fingers than this, m. */
const LOST = 0.05;
/** Heights that are flown at: over the cube and the target, and safe before moving sideways, m. */
const ABOVE = 0.18;
const SAFE = 0.16;
/** Put down this near to the target it is let go, m. */
const PLACED = 0.02;
/** Fingers that hold something stand still between these, closed share. */
export const HOLDING = { from: 0.3, to: 0.75, still: 0.02 };
/** Noise of an episode, as OGBench's, for x, y, z, yaw and grip; the most that it is, and the share of random actions while exploring. */
const NOISE = [1, 1, 1, 3, 10];
const MOST_NOISE = 0.1;
const RANDOM = 0.1;

/** What the hand is doing; the grasp is remembered, because thresholds alone flicker. */
type Memory = { grasped: boolean; released: boolean };
type Intent = { readonly goal: Place; readonly grip: number };

/**
 * Takes the cube and puts it on its target: over it, down, close, up, over the target, down, open. `noise` is the deviation
 * of what is added to its moves (3 and 10 times as much to yaw and grip).
 */
export function cubeExpert({ seen }: Pick<CubeWorld, 'seen'>, random: Random, noise = 0): Expert<CubeState> {
  const memory: Memory = { grasped: false, released: false };
  return (state) => {
    const now = seen(state);
    const { goal, grip } = decide(now, state.target, memory);
    const turn = GAIN.turn * (nearestYaw(now.yaw, now.cubeYaw) - now.yaw);
    return [...moves(now.place, goal), turn, grip].map((value, i) =>
      clamp(value + noise * NOISE[i]! * random.normal(), -1, 1),
    );
  };
}

/** The expert with a noise drawn per episode. */
export const noisyExpert = (world: Pick<CubeWorld, 'seen'>, random: Random): Expert<CubeState> =>
  cubeExpert(world, random, MOST_NOISE * random.uniform());

/** The same, with a random action now and then. */
export function restlessExpert(
  { seen, actionSpec }: Pick<CubeWorld, 'seen' | 'actionSpec'>,
  random: Random,
): Expert<CubeState> {
  const act = noisyExpert({ seen }, random);
  return (state) => (random.uniform() < RANDOM ? actionSpec.low.map(() => 2 * random.uniform() - 1) : act(state));
}

function decide(now: Seen, target: Place, memory: Memory): Intent {
  const { place, cube, closed, opening } = now;
  const holds = closed > HOLDING.from && closed < HOLDING.to && Math.abs(opening) < HOLDING.still;
  const apart = distance(cube, place);
  if (holds && apart <= NEAR_ENOUGH) memory.grasped = true;
  if (apart > LOST) memory.grasped = false;
  const there = distance(cube, target) <= PLACED;
  if (memory.grasped && there) memory.released = true;
  if (memory.released && apart > LOST && !there) memory.released = false; // it was knocked away, or another target is set
  if (memory.released) {
    if (closed > 0.2) return { goal: place, grip: -1 };
    memory.grasped = false;
    return { goal: over(cube, cube[2] + ABOVE), grip: -1 };
  }
  if (memory.grasped) {
    if (flat(cube, target) <= OVER) return { goal: target, grip: 1 };
    return { goal: place[2] < SAFE ? over(place, place[2] + ABOVE) : over(target, target[2] + ABOVE), grip: 1 };
  }
  if (flat(cube, place) > OVER) {
    const height = cube[2] + ABOVE;
    return { goal: place[2] < cube[2] + 0.06 ? over(place, height) : over(cube, height), grip: -1 };
  }
  return { goal: cube, grip: apart > NEAR_ENOUGH ? -1 : 1 };
}

/** Moves towards a place in actions; short ones are made longer, so that they get there. */
function moves(from: Place, to: Place): number[] {
  const by = to.map((value, i) => (GAIN.move * (value - from[i]!)) / (5 * SCALE.move));
  const length = Math.hypot(...by);
  const share = length > 1e-9 && length < LEAST ? Math.min(LEAST / length, 4) : 1;
  return by.map((value) => clamp(value * share, -1, 1));
}

/** The yaw of the cube's four that is nearest to the hand's. */
function nearestYaw(hand: number, cube: number): number {
  const quarter = Math.PI / 2;
  return cube + Math.round((hand - cube) / quarter) * quarter;
}

const over = ([x, y]: Place, z: number): Place => [x, y, z];
const flat = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const distance = (a: Place, b: Place): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
