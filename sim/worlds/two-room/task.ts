import type { Random } from '../../../src/random.ts';
import type { Policy, Task, World } from '../../world.ts';
import { twoRoomExpert } from './expert.ts';
import { factors } from './factors.ts';
import { distance, drawInRoom, drawTarget, type TwoRoom, type TwoRoomState, twoRoomWorld } from './index.ts';
import { layoutOf, SIZE, variations } from './layout.ts';
import { REACHED, twoRoomProtocols } from './protocols.ts';
import { readPicture } from './read-picture.ts';
import { roomOf } from './rules.ts';
import { words } from './words.ts';

/** The noise of an expert that shows what can be reached. */
const CALM = 0;
/** Share of `explore` episodes with the original's noise; the others draw a calmer hand. */
const WILD = 0.6;
/** A near goal of the demo is at least this far away, px. */
const WORTHWHILE = 32;

/** Stable-worldmodel's TwoRoom: find the door, go to the place in the goal picture. */
export const twoRoom: Task<TwoRoomState> = {
  name: 'two-room',
  variations,
  factors,
  world: (given) => twoRoomWorld(layoutOf(given)),
  expert: (world: TwoRoom, random) => twoRoomExpert(world.layout, random, CALM),
  maxSteps: 100,
  evaluation: { policy: 'expert', variations: { targets: 'other-room' } }, // as the published data: the errand leads through the door
  stateNames: ['x', 'y', 'targetX', 'targetY'],
  objects: (_, { agent }) => ({ agent }),
  words: (world, state) => words((world as TwoRoom).layout, state),
  protocols: twoRoomProtocols(),
  policies: { expert, explore },
  goal: (world: TwoRoom, { agent }, random, far) => {
    const here = roomOf(world.layout, agent);
    for (;;) {
      const place = drawInRoom(world.layout, far ? (here === 0 ? 1 : 0) : here, random);
      if (distance(place, agent) >= WORTHWHILE) return { agent: place, target: place };
    }
  },
  teleport: (_, state, random) => ({ ...state, agent: drawTarget(random) }),
  aimed: (state, { agent }) => ({ ...state, target: agent }),
  keys: {
    ArrowLeft: { does: 'left', action: [-1, 0] },
    ArrowRight: { does: 'right', action: [1, 0] },
    ArrowUp: { does: 'up', action: [0, -1] },
    ArrowDown: { does: 'down', action: [0, 1] },
  },
  toward: (world, { agent }, [x, y]) => {
    const { speed } = (world as TwoRoom).layout;
    return [(x * SIZE - 0.5 - agent[0]) / speed, (y * SIZE - 0.5 - agent[1]) / speed];
  },
  reached: ({ agent }, goal) => distance(agent, goal.agent) < REACHED,
  read: (frame) => {
    const place = readPicture(frame);
    return place && { agent: place, target: place };
  },
};

/** The original's collection: the noisy expert, until its target is reached. */
function expert(world: World<TwoRoomState>, random: Random): Policy<TwoRoomState> {
  return {
    act: twoRoomExpert((world as TwoRoom).layout, random),
    next: (state) => state,
    done: ({ agent, target }) => distance(agent, target) < REACHED,
  };
}

/** Longer roaming for training: noise drawn per episode, a new target whenever one is reached. */
function explore(world: World<TwoRoomState>, random: Random): Policy<TwoRoomState> {
  const noise = random.uniform() < WILD ? 2 : 0.3 + 1.2 * random.uniform();
  return {
    act: twoRoomExpert((world as TwoRoom).layout, random, noise),
    next: (state) => (distance(state.agent, state.target) < REACHED ? { ...state, target: drawTarget(random) } : state),
    done: () => false,
  };
}
