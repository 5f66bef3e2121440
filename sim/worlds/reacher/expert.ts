import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { jointsOf, type ReacherState, ratesOf } from './index.ts';

/** Torque per error and per rate, as shares of the motors' most. */
const STIFFNESS = [3, 1.5] as const;
const DAMPING = [0.5, 0.15] as const;

/** Springs and dampers at both joints, drawn to the target. `noise` is the deviation of what is added to its actions. */
export function reacherExpert(random: Random, noise = 0): Expert<ReacherState> {
  return (state) => {
    const [joints, rates] = [jointsOf(state), ratesOf(state)];
    return joints.map((joint, i) => {
      const wanted = STIFFNESS[i]! * (state.target[i]! - joint) - DAMPING[i]! * rates[i]!;
      return Math.min(1, Math.max(-1, wanted + noise * random.normal()));
    });
  };
}
