import type { Random } from '../../../src/random.ts';
import { loadMujoco } from '../../mujoco/mujoco.ts';
import { turned } from '../../turned.ts';
import type { Policy, Task, World } from '../../world.ts';
import { diffDriveExpert } from './expert.ts';
import { factors } from './factors.ts';
import { type DiffDrive, type DiffDriveState, diffDriveWorld, drawPose, poseOf, stateNames } from './index.ts';
import { layoutOf, variations } from './layout.ts';
import { diffDriveProtocols, isReached } from './protocols.ts';
import { distance, routes } from './route.ts';

/** A near goal of the demo is at least this far away, a far one at least that far or behind something, m. */
const WORTHWHILE = 0.6;
const FAR = 2;

/** The robot of many a ROS lesson, with a camera: drive to where the goal picture was taken, and look the same way. */
export const diffDrive: Task<DiffDriveState> = {
  name: 'diff-drive',
  variations,
  factors,
  prepare: loadMujoco,
  world: (given) => diffDriveWorld(layoutOf(given)),
  expert: (world, random) => diffDriveExpert((world as DiffDrive).layout, random),
  maxSteps: 200,
  evaluation: { policy: 'expert', variations: {} },
  stateNames,
  objects: (_, state) => {
    const { x, y, yaw } = poseOf(state);
    return { place: [x, y], heading: turned(yaw) };
  },
  protocols: diffDriveProtocols(),
  policies: { expert, explore },
  goal: (world, state, random, far) => {
    const { layout, standing } = world as DiffDrive;
    const route = routes(layout.obstacles);
    const here = poseOf(state);
    for (;;) {
      const pose = drawPose(layout, random);
      const way = distance([here.x, here.y], [pose.x, pose.y]);
      const straight = route([here.x, here.y], [pose.x, pose.y])[0] === pose.x;
      if (far ? way >= FAR || (way >= WORTHWHILE && !straight) : way >= WORTHWHILE && way < FAR && straight)
        return standing(pose);
    }
  },
  aimed: (state, goal) => ({ ...state, target: poseOf(goal) }),
  keys: {
    ArrowUp: { does: 'forward', action: [0.5, 0] },
    ArrowDown: { does: 'back', action: [-0.5, 0] },
    ArrowLeft: { does: 'turn left', action: [0, 1.5] },
    ArrowRight: { does: 'turn right', action: [0, -1.5] },
  },
  reached: (state, goal) => isReached(poseOf(state), poseOf(goal)),
};

/** The expert with a slight tremble, until its target is reached. */
function expert(world: World<DiffDriveState>, random: Random): Policy<DiffDriveState> {
  const { layout } = world as DiffDrive;
  return {
    act: diffDriveExpert(layout, random),
    next: (state) => state,
    done: (state) => isReached(poseOf(state), state.target),
  };
}

/** Roaming for training: a tremble drawn per episode, from calm to wild, and a new target whenever one is reached. */
function explore(world: World<DiffDriveState>, random: Random): Policy<DiffDriveState> {
  const { layout } = world as DiffDrive;
  const noise = 0.2 + 1.8 * random.uniform();
  return {
    act: diffDriveExpert(layout, random, noise),
    next: (state) => (isReached(poseOf(state), state.target) ? { ...state, target: drawPose(layout, random) } : state),
    done: () => false,
  };
}
