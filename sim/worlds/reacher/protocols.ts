import type { Protocol } from '../../world.ts';
import { fingerOf, type Joints, jointsOf, type ReacherState, reacherWorld } from './index.ts';
import { layoutOf } from './layout.ts';

/** The original's success: each joint this near, rad. */
const REACHED = 0.05;
/** The strict form judges the finger, m, and wants it held for so many moments. */
const STRICT = { metres: 0.01, held: 2 };
const OFFSET = 25;
const BUDGET = 50;

/** Joints compared as numbers, as the original does: a whole turn of the shoulder is another place. */
export const isReached = (a: Joints, b: Joints): boolean => a.every((value, i) => Math.abs(value - b[i]!) < REACHED);

/** The same with the shoulder the short way round. */
const isAlike = ([a, b]: Joints, [c, d]: Joints): boolean =>
  Math.max(Math.abs(Math.atan2(Math.sin(a - c), Math.cos(a - c))), Math.abs(b - d)) < REACHED;

function isTouched(a: Joints, b: Joints): boolean {
  const [[ax, ay], [bx, by]] = [fingerOf(a), fingerOf(b)];
  return Math.hypot(ax - bx, ay - by) <= STRICT.metres;
}

/** The original's protocol, and CLEAR's two (CLEAR-LeWM 0.5): pairs not solved at the start, evenly over the episodes. */
export function reacherProtocols(): Readonly<Record<string, Protocol<ReacherState>>> {
  const historical: Protocol<ReacherState> = {
    name: 'historical',
    world: reacherWorld(layoutOf()),
    offset: OFFSET,
    budget: BUDGET,
    eligible: () => true,
    success: (visited, goal) => visited.some((state) => isReached(jointsOf(state), jointsOf(goal))),
  };
  const clear = (name: string, held: number, there: (a: Joints, b: Joints) => boolean): Protocol<ReacherState> => ({
    ...historical,
    name,
    balanced: true,
    eligible: (recorded) => !there(jointsOf(recorded[0]!), jointsOf(recorded.at(-1)!)),
    success: (visited, goal) =>
      visited.some(
        (_, i) =>
          i + 1 >= held && visited.slice(i + 1 - held, i + 1).every((state) => there(jointsOf(state), jointsOf(goal))),
      ),
  });
  return {
    historical,
    'clear-moderate': clear('clear-moderate', 1, isAlike),
    'clear-strict': clear('clear-strict', STRICT.held, isTouched),
  };
}
