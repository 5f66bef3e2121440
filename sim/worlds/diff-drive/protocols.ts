import type { Protocol } from '../../world.ts';
import { clearance } from './furniture.ts';
import { type DiffDriveState, diffDriveWorld, type Pose, poseOf, wrapped } from './index.ts';
import { type Layout, layoutOf } from './layout.ts';
import { distance } from './route.ts';

type Tolerance = { readonly metres: number; readonly degrees: number };

/** A pose is reached when it is this near. */
const REACHED: Tolerance = { metres: 0.15, degrees: 15 };
const STRICT: Tolerance = { metres: 0.1, degrees: 10 };
/** Control steps from start to goal in the recording, and allowed: 2.5 s and 5 s. */
const OFFSET = 25;
const BUDGET = 50;
/** A fair pair is at least this far apart, m. */
const APART = 0.5;
/** The hull rests against something when less than this is between them, m. */
const TOUCH = 0.002;

export function isReached(a: Pose, b: Pose, { metres, degrees } = REACHED): boolean {
  const off = Math.abs(wrapped(a.yaw - b.yaw));
  return distance([a.x, a.y], [b.x, b.y]) < metres && off < (degrees * Math.PI) / 180;
}

/**
 * `historical`: any pair of a recording. `clear-moderate`: pairs at least half a metre apart, evenly over the episodes, no
 * contact in the recording. `clear-strict`: these, to be reached within 0.1 m and 10 degrees without touching anything.
 */
export function diffDriveProtocols(): Readonly<Record<string, Protocol<DiffDriveState>>> {
  const layout = layoutOf();
  const historical: Protocol<DiffDriveState> = {
    name: 'historical',
    world: diffDriveWorld(layout),
    offset: OFFSET,
    budget: BUDGET,
    eligible: () => true,
    success: (visited, goal) => visited.some((state) => isReached(poseOf(state), poseOf(goal))),
  };
  const clear = {
    ...historical,
    balanced: true,
    eligible: (recorded: readonly DiffDriveState[]) => isFair(layout, recorded),
  };
  return {
    historical,
    'clear-moderate': { ...clear, name: 'clear-moderate' },
    'clear-strict': {
      ...clear,
      name: 'clear-strict',
      success: (visited, goal) => {
        const arrived = visited.findIndex((state) => isReached(poseOf(state), poseOf(goal), STRICT));
        return arrived >= 0 && visited.slice(0, arrived + 1).every((state) => isFree(layout, state));
      },
    },
  };
}

function isFair(layout: Layout, recorded: readonly DiffDriveState[]): boolean {
  const [start, goal] = [recorded[0], recorded.at(-1)];
  if (!start || !goal) return false;
  const [a, b] = [poseOf(start), poseOf(goal)];
  return distance([a.x, a.y], [b.x, b.y]) >= APART && recorded.every((state) => isFree(layout, state));
}

function isFree({ obstacles }: Layout, state: DiffDriveState): boolean {
  const { x, y } = poseOf(state);
  return clearance(obstacles, [x, y]) > TOUCH;
}
