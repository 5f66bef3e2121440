import type { Protocol } from '../../world.ts';
import { distance, type TwoRoomState, twoRoomWorld } from './index.ts';
import { type Layout, layoutOf } from './layout.ts';
import { roomOf } from './rules.ts';
import { clearance, legalSegment, wallBlocks } from './swept.ts';

/** Success of the original, px. */
export const REACHED = 16;
const STRICT = 8;
const OFFSET = 25;
const BUDGET = 50;
/** Rounding left to a disc that touches, px. */
const TOUCH = 1e-4;

/** Of goals far beyond any horizon. */
const FAR = { offset: 100, budget: 200 };

/** The original's protocol, the two of CLEAR, whose worlds sweep the whole disc, and one of far goals by the same rules. */
export function twoRoomProtocols(): Readonly<Record<string, Protocol<TwoRoomState>>> {
  const historical: Protocol<TwoRoomState> = {
    name: 'historical',
    world: twoRoomWorld(layoutOf()),
    offset: OFFSET,
    budget: BUDGET,
    eligible: () => true,
    success: (visited, goal) => visited.some(({ agent }) => distance(agent, goal.agent) < REACHED),
  };
  const rules = { collision: 'swept' };
  const layout = layoutOf(rules);
  const clear = {
    world: twoRoomWorld(layout),
    rules,
    offset: OFFSET,
    budget: BUDGET,
    balanced: true,
    eligible: (recorded: readonly TwoRoomState[]) => isFair(layout, recorded),
  };
  return {
    historical,
    'clear-moderate': { ...clear, name: 'clear-moderate', success: historical.success },
    'clear-strict': {
      ...clear,
      name: 'clear-strict',
      success: (visited, goal) => reachedStrictly(layout, visited, goal),
    },
    far: {
      ...clear,
      ...FAR,
      name: 'far',
      recorded: { policy: 'explore', variations: {} },
      eligible: (recorded) => isApart(layout, recorded[0]!.agent, recorded.at(-1)!.agent),
      success: historical.success,
    },
  };
}

type Place = TwoRoomState['agent'];

/** Opposite rooms, both discs clear of walls, not solved at the start. */
function isApart(layout: Layout, start: Place, goal: Place): boolean {
  if (roomOf(layout, start) === roomOf(layout, goal) || distance(start, goal) < REACHED) return false;
  const blocks = wallBlocks(layout);
  return clearance(layout, blocks, start) >= -TOUCH && clearance(layout, blocks, goal) >= -TOUCH;
}

/** Apart, and every recorded step legal for the disc. */
function isFair(layout: Layout, recorded: readonly TwoRoomState[]): boolean {
  const [start, goal] = [recorded[0]?.agent, recorded.at(-1)?.agent];
  if (!start || !goal || !isApart(layout, start, goal)) return false;
  const blocks = wallBlocks(layout);
  return recorded.every(({ agent }, i) => i === 0 || legalSegment(layout, blocks, recorded[i - 1]!.agent, agent));
}

/**
 * First hit within 8 px, in the goal's room, after a route of legal places with at least one crossing of the wall's
 * middle whose step keeps the whole disc clear of the jambs.
 */
function reachedStrictly(layout: Layout, visited: readonly TwoRoomState[], goal: TwoRoomState): boolean {
  const blocks = wallBlocks(layout);
  let crossings = 0;
  for (const [i, { agent }] of visited.entries()) {
    if (clearance(layout, blocks, agent) < -TOUCH) return false;
    const before = visited[i - 1]?.agent;
    if (before && roomOf(layout, before) !== roomOf(layout, agent)) {
      if (!legalSegment(layout, blocks, before, agent)) return false;
      crossings++;
    }
    const there = distance(agent, goal.agent) < STRICT && roomOf(layout, agent) === roomOf(layout, goal.agent);
    if (there && crossings > 0) return true;
  }
  return false;
}
