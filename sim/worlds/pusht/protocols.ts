import type { Protocol } from '../../world.ts';
import { type Pose, type PushTState, pushtWorld } from './index.ts';
import { layoutOf } from './layout.ts';

/** The original's success: agent and block together within 20 px, the angle within 20 degrees. */
const TOGETHER = 20;
const ANGLE = Math.PI / 9;
/** The strict form judges the block alone, and wants it held. */
const STRICT = { block: 10, angle: Math.PI / 18, held: 3 };
const OFFSET = 25;
const BUDGET = 50;

/** `|angle|` between two headings, wrapped, rad. */
export const apart = (a: number, b: number): number => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

export function isReached(state: Pose, goal: Pose): boolean {
  const off = Math.hypot(
    state.agent[0] - goal.agent[0],
    state.agent[1] - goal.agent[1],
    state.block[0] - goal.block[0],
    state.block[1] - goal.block[1],
  );
  return off < TOGETHER && apart(state.angle, goal.angle) < ANGLE;
}

const isPlaced = (state: Pose, goal: Pose): boolean =>
  Math.hypot(state.block[0] - goal.block[0], state.block[1] - goal.block[1]) < STRICT.block &&
  apart(state.angle, goal.angle) < STRICT.angle;

/** Of goals far beyond any horizon. */
const FAR = { offset: 100, budget: 200 };

/**
 * The original's protocol, and CLEAR's two (CLEAR-LeWM 0.5): pairs not solved at the start, evenly over the episodes; and one of far
 * goals, from episodes with errand after errand.
 */
export function pushtProtocols(): Readonly<Record<string, Protocol<PushTState>>> {
  const historical: Protocol<PushTState> = {
    name: 'historical',
    world: pushtWorld(layoutOf()),
    offset: OFFSET,
    budget: BUDGET,
    eligible: () => true,
    success: (visited, goal) => visited.some((state) => isReached(state, goal)),
  };
  const clear = { ...historical, balanced: true };
  const moderate: Protocol<PushTState> = {
    ...clear,
    name: 'clear-moderate',
    eligible: (recorded) => !isReached(recorded[0]!, recorded.at(-1)!),
  };
  return {
    historical,
    'clear-moderate': moderate,
    'clear-strict': {
      ...clear,
      name: 'clear-strict',
      eligible: (recorded) => !isPlaced(recorded[0]!, recorded.at(-1)!),
      success: (visited, goal) =>
        visited.some(
          (_, i) =>
            i + 1 >= STRICT.held && visited.slice(i + 1 - STRICT.held, i + 1).every((each) => isPlaced(each, goal)),
        ),
    },
    far: { ...moderate, ...FAR, name: 'far', recorded: { policy: 'explore', variations: {} } },
  };
}
