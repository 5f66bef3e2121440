import type { Random } from '../../../src/random.ts';
import { loadMujoco } from '../../mujoco/mujoco.ts';
import { turned } from '../../turned.ts';
import type { Policy, Task, World } from '../../world.ts';
import { reacherExpert } from './expert.ts';
import { factors } from './factors.ts';
import { drawJoints, fingerOf, jointsOf, type Reacher, type ReacherState, reacherWorld, stateNames } from './index.ts';
import { layoutOf, variations } from './layout.ts';
import { isReached, reacherProtocols } from './protocols.ts';
import { words } from './words.ts';

/** A near goal's finger is at least this far away, a far one's that far, m. */
const NEAR = 0.05;
const FAR = 0.2;
/** Share of `explore` episodes of uniform torques, as the published data has them. */
const WILD = 0.3;

/** DM Control's reacher: bring the arm to the pose in the goal picture. */
export const reacher: Task<ReacherState> = {
  name: 'reacher',
  variations,
  factors,
  prepare: loadMujoco,
  world: (given) => reacherWorld(layoutOf(given)),
  expert: (_, random) => reacherExpert(random),
  maxSteps: 200,
  evaluation: { policy: 'random', variations: {} }, // as the published data
  stateNames,
  objects: (_, state) => {
    const [shoulder, wrist] = jointsOf(state);
    return { shoulder: turned(shoulder), wrist: turned(wrist), finger: fingerOf(jointsOf(state)) };
  },
  words: (_, state) => words(state),
  protocols: reacherProtocols(),
  policies: { expert, explore },
  goal: (world, state, random, far) => {
    const [x, y] = fingerOf(jointsOf(state));
    for (;;) {
      const goal = drawJoints(random);
      const way = Math.hypot(fingerOf(goal)[0] - x, fingerOf(goal)[1] - y);
      if (far ? way >= FAR : way >= NEAR && way < FAR) return (world as Reacher).resting(goal);
    }
  },
  teleport: (world, state, random) => ({ ...(world as Reacher).resting(drawJoints(random)), target: state.target }),
  aimed: (state, goal) => ({ ...state, target: jointsOf(goal) }),
  reached: (state, goal) => isReached(jointsOf(state), jointsOf(goal)),
  keys: {
    ArrowLeft: { does: 'turn the shoulder left', action: [0.6, 0] },
    ArrowRight: { does: 'turn the shoulder right', action: [-0.6, 0] },
    KeyA: { does: 'turn the wrist left', action: [0, 0.4] },
    KeyD: { does: 'turn the wrist right', action: [0, -0.4] },
  },
};

/** The expert with a noise drawn per episode, until its target is reached. */
function expert(_: World<ReacherState>, random: Random): Policy<ReacherState> {
  return {
    act: reacherExpert(random, 0.3 * random.uniform()),
    next: (state) => state,
    done: (state) => isReached(jointsOf(state), state.target),
  };
}

/** For training: the noisy expert with a new target whenever one is reached, or uniform torques. */
function explore(_: World<ReacherState>, random: Random): Policy<ReacherState> {
  const wild = random.uniform() < WILD;
  return {
    act: wild
      ? () => [2 * random.uniform() - 1, 2 * random.uniform() - 1]
      : reacherExpert(random, 0.6 * random.uniform()),
    next: (state) => (isReached(jointsOf(state), state.target) ? { ...state, target: drawJoints(random) } : state),
    done: () => false,
  };
}
