import type { Words } from '../../../src/worldmodel/words.ts';
import { fingerOf, jointsOf, type ReacherState } from './index.ts';
import { LINK } from './model.ts';

/** A wrist bent less than this leaves the arm straight, more than the other folds it, rad. */
const [STRAIGHT, FOLDED] = [0.6, 2];

/** Where the finger is, seen from the shoulder, and how the wrist is bent. */
export function words(state: ReacherState): Words {
  const joints = jointsOf(state);
  const [x, y] = fingerOf(joints);
  const beside = Math.abs(x) > Math.abs(y);
  const straightness = Math.cos(joints[1]);
  const [straight, folded] = [straightness > Math.cos(STRAIGHT), straightness < Math.cos(FOLDED)];
  return {
    finger: {
      'on the left': beside && x < 0,
      'on the right': beside && x >= 0,
      'at the top': !beside && y >= 0,
      'at the bottom': !beside && y < 0,
      'close in': Math.hypot(x, y) < LINK,
    },
    arm: { straight, bent: !straight && !folded, folded },
  };
}
