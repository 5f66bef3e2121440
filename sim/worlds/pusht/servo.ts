import type { Action } from '../../../src/drivers/driver.ts';
import type { PushTState } from './index.ts';
import type { Layout } from './layout.ts';
import { SIDE, servo } from './physics.ts';
import type { Point } from './shapes.ts';

/** What one control step makes of 1 px asked for, and of 1 px/s that the agent has, px. */
const ASKED = servo([0, 0], 1)[0];
const CARRIED = servo([0, 1], 0)[0];

/** The action that moves the agent by so much in one step, px; limits left aside. */
export function moveBy(
  { actions, speed }: Pick<Layout, 'actions' | 'speed'>,
  { agent, velocity }: PushTState,
  by: Point,
): Action {
  return [0, 1].map((axis) => {
    const asked = (by[axis]! - CARRIED * velocity[axis]!) / ASKED;
    return actions === 'relative' ? asked / speed : (2 * (agent[axis]! + asked)) / SIDE - 1;
  });
}
