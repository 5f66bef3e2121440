import type { Random } from '../../../src/random.ts';
import { loadMujoco } from '../../mujoco/mujoco.ts';
import { turned } from '../../turned.ts';
import type { Policy, Task, World } from '../../world.ts';
import { cubeExpert, distance, noisyExpert, restlessExpert } from './expert.ts';
import { factors } from './factors.ts';
import { fumble } from './fumble.ts';
import { type CubeState, type CubeWorld, cubeOf, cubeWorld, drawOnTable, movedTo, stateNames } from './index.ts';
import { layoutOf, variations } from './layout.ts';
import { cubeProtocols, isReached } from './protocols.ts';
import { words } from './words.ts';

/** Over the cube in a goal picture, m. */
const ABOVE = 0.15;
/** A near goal is this far away, a far one that far, m. */
const NEAR = 0.08;
const FAR = 0.2;
/** While exploring, the cube has been long enough on its target, steps. */
const ENOUGH = 12;

/** OGBench's cube, nearly: put it where the goal picture shows it. */
export const cube: Task<CubeState> = {
  name: 'cube',
  variations,
  factors,
  prepare: loadMujoco,
  world: (given) => cubeWorld(layoutOf(given)),
  expert: (world, random) => cubeExpert(world as CubeWorld, random),
  maxSteps: 200,
  evaluation: { policy: 'explore', variations: {} },
  stateNames,
  objects: (world, state) => {
    const { place, yaw, closed, cube, cubeYaw } = (world as CubeWorld).seen(state);
    return { hand: place, handYaw: turned(2 * yaw), fingers: [closed], cube, cubeYaw: turned(4 * cubeYaw) };
  },
  words: (world, state) => words(world as CubeWorld, state),
  protocols: cubeProtocols(),
  policies: { expert, explore, fumble: (world, random) => fumble(world as CubeWorld, random) },
  goal: (world, state, random, far) => {
    const { layout, resting } = world as CubeWorld;
    const [x, y] = cubeOf(state);
    for (;;) {
      const place = drawOnTable(layout, random);
      const way = Math.hypot(place[0] - x, place[1] - y);
      if (far ? way < FAR : way < NEAR || way > FAR) continue;
      const yaw = Math.PI * (random.uniform() - 0.5);
      return resting({ place: [place[0], place[1], place[2] + ABOVE], yaw }, place, yaw);
    }
  },
  teleport: (world, state, random) => movedTo(state, drawOnTable((world as CubeWorld).layout, random)),
  aimed: (state, goal) => ({ ...state, target: cubeOf(goal) }),
  reached: isReached,
  keys: {
    ArrowUp: { does: 'away from the camera', action: [-0.6, 0, 0, 0, 0] },
    ArrowDown: { does: 'towards the camera', action: [0.6, 0, 0, 0, 0] },
    ArrowLeft: { does: 'left', action: [0, -0.6, 0, 0, 0] },
    ArrowRight: { does: 'right', action: [0, 0.6, 0, 0, 0] },
    KeyW: { does: 'up', action: [0, 0, 0.6, 0, 0] },
    KeyS: { does: 'down', action: [0, 0, -0.6, 0, 0] },
    KeyA: { does: 'turn left', action: [0, 0, 0, 0.6, 0] },
    KeyD: { does: 'turn right', action: [0, 0, 0, -0.6, 0] },
    KeyE: { does: 'close', action: [0, 0, 0, 0, 1] },
    KeyQ: { does: 'open', action: [0, 0, 0, 0, -1] },
  },
};

/** The expert with a noise drawn per episode, until the cube lies on its target. */
function expert(world: World<CubeState>, random: Random): Policy<CubeState> {
  const { seen } = world as CubeWorld;
  return {
    act: noisyExpert({ seen }, random),
    next: (state) => state,
    done: (state) => distance(cubeOf(state), state.target) < 0.02 && seen(state).closed < 0.2,
  };
}

/** For training: cube after cube to places drawn anew, with noise and now and then a random action. */
function explore(world: World<CubeState>, random: Random): Policy<CubeState> {
  const { layout } = world as CubeWorld;
  const act = restlessExpert(world as CubeWorld, random);
  let placed = 0;
  return {
    act,
    next: (state) => {
      placed = isNear(state) ? placed + 1 : 0;
      if (placed < ENOUGH) return state;
      placed = 0;
      return { ...state, target: drawOnTable(layout, random) };
    },
    done: () => false,
  };
}

const isNear = (state: CubeState) => distance(cubeOf(state), state.target) < 0.03;
