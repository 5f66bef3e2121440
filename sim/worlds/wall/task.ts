import type { Random } from '../../../src/random.ts';
import type { Policy, Protocol, Task, World } from '../../world.ts';
import { wallExpert } from './expert.ts';
import { factors } from './factors.ts';
import { distance, drawInRoom, otherRoom, stateNames, type Wall, type WallState, wallWorld } from './index.ts';
import { layoutOf, variations } from './layout.ts';
import { roomOf, SIDE } from './rules.ts';

/** A near goal is this far away, px. */
const NEAR = 10;
const OFFSET = 25;
const BUDGET = 50;
/** Of PLDM's walks: headings drift by so much a step, rad; steps are so long, px. */
const DRIFT = 0.45;
const STEP = { mean: 1, deviation: 0.4, low: 0.2, high: 1.8 };
const REACHED = layoutOf().reached;

/** DINO-WM's Wall: through the opening to the place in the goal picture. */
export const wall: Task<WallState> = {
  name: 'wall',
  variations,
  factors,
  world: (given) => wallWorld(layoutOf(given)),
  expert: (world, random) => wallExpert((world as Wall).layout, random),
  maxSteps: 100,
  evaluation: { policy: 'expert', variations: {} },
  stateNames,
  objects: (_, { dot }) => ({ dot }),
  protocols: protocols(),
  policies: { expert, explore },
  goal: (world, { dot }, random, far) => {
    const { layout } = world as Wall;
    for (;;) {
      const place = drawInRoom(layout, far ? otherRoom(layout, dot) : roomOf(layout, dot), random);
      if (distance(place, dot) >= NEAR) return { dot: place, target: place };
    }
  },
  aimed: (state, { dot }) => ({ ...state, target: dot }),
  reached: ({ dot }, goal) => distance(dot, goal.dot) < REACHED,
  keys: {
    ArrowLeft: { does: 'left', action: [-1, 0] },
    ArrowRight: { does: 'right', action: [1, 0] },
    ArrowUp: { does: 'up', action: [0, -1] },
    ArrowDown: { does: 'down', action: [0, 1] },
  },
  toward: (world, { dot }, [x, y]) => {
    const { speed } = (world as Wall).layout;
    return [(x * SIDE - 0.5 - dot[0]) / speed, (y * SIDE - 0.5 - dot[1]) / speed];
  },
};

/** DINO-WM's rule, and PLDM's nearness for pairs in different rooms. */
function protocols(): Readonly<Record<string, Protocol<WallState>>> {
  const layout = layoutOf();
  const made = (name: string, within: number, fair: boolean): Protocol<WallState> => ({
    name,
    world: wallWorld(layout),
    offset: OFFSET,
    budget: BUDGET,
    balanced: fair,
    eligible: (recorded) => !fair || roomOf(layout, recorded[0]!.dot) !== roomOf(layout, recorded.at(-1)!.dot),
    success: (visited, goal) => visited.some(({ dot }) => distance(dot, goal.dot) < within),
  });
  return {
    historical: made('historical', REACHED, false),
    'clear-moderate': made('clear-moderate', REACHED, true),
    'clear-strict': made('clear-strict', layoutOf({ preset: 'pldm' }).reached, true),
  };
}

/** The expert with a noise drawn per episode, until its target is reached. */
function expert(world: World<WallState>, random: Random): Policy<WallState> {
  return {
    act: wallExpert((world as Wall).layout, random, 0.6 * random.uniform()),
    next: (state) => state,
    done: ({ dot, target }) => distance(dot, target) < REACHED / 3,
  };
}

/** For training: PLDM's walks of slowly turning heading, or the noisy expert with a new target whenever one is reached. */
function explore(world: World<WallState>, random: Random): Policy<WallState> {
  const { layout } = world as Wall;
  const act = random.uniform() < 0.5 ? walking(layout.speed, random) : wallExpert(layout, random, random.uniform());
  return {
    act,
    next: (state) => {
      if (distance(state.dot, state.target) >= REACHED / 3) return state;
      return { ...state, target: drawInRoom(layout, random.uniform() < 0.5 ? 0 : 1, random) };
    },
    done: () => false,
  };
}

function walking(speed: number, random: Random): () => number[] {
  let heading = 2 * Math.PI * random.uniform();
  return () => {
    heading += DRIFT * random.normal();
    const length = Math.min(STEP.high, Math.max(STEP.low, STEP.mean + STEP.deviation * random.normal()));
    return [(length / speed) * Math.cos(heading), (length / speed) * Math.sin(heading)];
  };
}
