import type { Action } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { clearance, type Point } from './furniture.ts';
import { type DiffDriveState, type Pose, poseOf, wrapped } from './index.ts';
import type { Layout } from './layout.ts';
import { distance, routes } from './route.ts';

/** This near to its place the expert turns to its heading, m. */
const ARRIVED = 0.06;
/** Nearer than this to something it first moves away from it, m. */
const TOO_NEAR = 0.03;
/** Heading errors above this are turned away before driving on, rad. */
const AIM = 0.7;
/** Turning rate per heading error and speed per distance, 1/s. */
const TURN_GAIN = 3;
const SPEED_GAIN = 1.5;
const FASTEST = 0.5;

/** Share of the last noise that is left in the next step's: hands tremble slowly. */
const MEMORY = 0.8;
/** Standard deviation of a noise of 1: m/s and rad/s. */
const TREMBLE = [0.2, 0.8] as const;

/**
 * Drives to the target's place, round the furniture, then turns to its heading; it knows where it truly is. `noise` scales
 * a slow tremble that is added to its actions.
 */
export function diffDriveExpert({ obstacles }: Layout, random: Random, noise = 0.3): Expert<DiffDriveState> {
  const route = routes(obstacles);
  const trembles = TREMBLE.map((deviation) => tremble(random, noise * deviation));
  return (state): Action => {
    const here = poseOf(state);
    const wanted = drive(here, state.target, obstacles, route);
    return wanted.map((value, axis) => clamp(value + trembles[axis]!(), axis === 0 ? FASTEST : 2));
  };
}

function drive(
  here: Pose,
  target: Pose,
  obstacles: Layout['obstacles'],
  route: ReturnType<typeof routes>,
): readonly [v: number, w: number] {
  const place: Point = [here.x, here.y];
  const goal: Point = [target.x, target.y];
  const left = distance(place, goal);
  if (left < ARRIVED) return [0, TURN_GAIN * wrapped(target.yaw - here.yaw)];
  if (clearance(obstacles, place) < TOO_NEAR) return [awaySign(here, obstacles) * FASTEST * 0.4, 0];
  const next = route(place, goal);
  const off = wrapped(Math.atan2(next[1] - here.y, next[0] - here.x) - here.yaw);
  const speed = Math.abs(off) > AIM ? 0 : Math.min(FASTEST, SPEED_GAIN * left) * Math.cos(off) ** 2;
  return [speed, TURN_GAIN * off];
}

/** Does driving forward (1) or backward (-1) lead away from what is near? */
function awaySign({ x, y, yaw }: Pose, obstacles: Layout['obstacles']): number {
  const [dx, dy] = [0.02 * Math.cos(yaw), 0.02 * Math.sin(yaw)];
  return clearance(obstacles, [x + dx, y + dy]) > clearance(obstacles, [x - dx, y - dy]) ? 1 : -1;
}

/** Normal noise that changes slowly, of this standard deviation. */
function tremble(random: Random, deviation: number): () => number {
  let now = deviation * random.normal();
  return () => {
    now = MEMORY * now + Math.sqrt(1 - MEMORY ** 2) * deviation * random.normal();
    return now;
  };
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(-most, value));
