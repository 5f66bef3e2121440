import type { Random } from '../../../src/random.ts';
import { turned } from '../../turned.ts';
import type { Policy, Task, World } from '../../world.ts';
import { pushtExpert } from './expert.ts';
import { factors } from './factors.ts';
import { clamp, drawTarget, fits, type Pose, type PushT, type PushTState, pushtWorld, stateNames } from './index.ts';
import { type Layout, layoutOf, variations } from './layout.ts';
import { SIDE, turned as wrapped } from './physics.ts';
import { apart, isReached, pushtProtocols } from './protocols.ts';
import { moveBy } from './servo.ts';
import type { Point } from './shapes.ts';
import { words } from './words.ts';

/** A worthwhile goal: the block is this far away; a far one that far, px, or turned by so much, rad. */
const NEAR = 40;
const FAR = { px: 120, rad: 1.2 };
/** An expert has moved the block far enough for a near goal in so many steps, or goes another way. */
const SOON = 60;
/** Share of `explore` episodes played by the weak policy. */
const WEAK = 0.2;
/** The weak policy keeps within this much of the block, px. */
const ABOUT = 100;
/** The most noise of an expert's episode; and while exploring, where it is up to so much faster, too. */
const NOISE = 0.1;
const WILD = 0.3;
const FASTER = 1;

/**
 * What is put right: the block so far off, px, turned by so much, rad, the agent so far off, px; for how many steps an expert passes poses,
 * and how long it may take the block for placed.
 */
const AMENDS = { px: 70, rad: 1, agent: 160, passing: 120, mistaken: 20 };
/** Share of amends that come from anywhere instead, and of those where the block is in place. */
const AFRESH = 0.25;
const PLACED = 0.25;
/** Share of targets that are at rest, not passed by an expert, and of amends that begin with a mistake. */
const HALF = 0.5;
/** Amends are made where an expert is content, this near, px and rad, for so many steps. */
const CONTENT = { agent: 6, px: 9, rad: 0.14, steps: 6 };

/** The published PushT: push the T to where the goal picture shows it, and be where it shows you. */
export const pusht: Task<PushTState> = {
  name: 'pusht',
  variations,
  factors,
  world: (given) => pushtWorld(layoutOf(given)),
  expert: (world, random) => pushtExpert((world as PushT).layout, random),
  maxSteps: 300,
  evaluation: { policy: 'expert', variations: {} },
  stateNames,
  objects: (_, { agent, block, angle }) => ({ agent, block, angle: turned(angle) }),
  words: (_, state) => words(state),
  protocols: pushtProtocols(),
  policies: { expert, explore, amends, weak },
  demo: { far: 0, rate: 10 },
  goal: (world, state, random, far) => {
    for (;;) {
      const target = drawTarget((world as PushT).layout, random);
      const there = far ? farFrom(state, target) : onTheWay(world, { ...state, target }, random);
      if (there) return { ...there, velocity: [0, 0], target: there };
    }
  },
  teleport: (world, state, random) => {
    const { block, angle } = drawTarget((world as PushT).layout, random);
    return { ...state, block, angle };
  },
  aimed: (state, { agent, block, angle }) => ({ ...state, target: { agent, block, angle } }),
  reached: isReached,
  keys: {
    ArrowLeft: { does: 'left', action: [-0.4, 0] },
    ArrowRight: { does: 'right', action: [0.4, 0] },
    ArrowUp: { does: 'up', action: [0, -0.4] },
    ArrowDown: { does: 'down', action: [0, 0.4] },
  },
  toward: (world, state, [x, y]) =>
    moveBy((world as PushT).layout, state, [x * SIDE - state.agent[0], y * SIDE - state.agent[1]]),
};

const poseOf = ({ agent, block, angle }: Pose): Pose => ({ agent, block, angle });

const blockOff = ({ block: [x, y] }: Pose, { block: [tx, ty] }: Pose): number => Math.hypot(x - tx, y - ty);

/** A target, if it is a far one. */
function farFrom(state: Pose, target: Pose): Pose | undefined {
  const [way, turn] = [blockOff(target, state), apart(target.angle, state.angle)];
  return way >= FAR.px || (way >= NEAR && turn >= FAR.rad) ? target : undefined;
}

/** Where an expert on its way to its target has moved the block a little, if that is soon. */
function onTheWay(world: World<PushTState>, state: PushTState, random: Random): Pose | undefined {
  const act = pushtExpert((world as PushT).layout, random);
  let there = state;
  for (let step = 0; step < SOON; step++) {
    there = world.step(there, act(there));
    if (blockOff(there, state) >= NEAR) return poseOf(there);
  }
  return undefined;
}

type Tolerance = { readonly agent: number; readonly px: number; readonly rad: number };

const within = ({ agent, px, rad }: Tolerance, state: Pose, goal: Pose): boolean =>
  Math.hypot(state.agent[0] - goal.agent[0], state.agent[1] - goal.agent[1]) < agent &&
  blockOff(state, goal) < px &&
  apart(state.angle, goal.angle) < rad;

/** The expert with a noise drawn per episode, until its target is reached. */
function expert(world: World<PushTState>, random: Random): Policy<PushTState> {
  return {
    act: pushtExpert((world as PushT).layout, random, { noise: NOISE * random.uniform() }),
    next: (state) => state,
    done: (state) => isReached(state, state.target),
  };
}

/** For training: the noisy expert, now quick, now slow, with a new target whenever one is reached, now and then the weak policy. */
function explore(world: World<PushTState>, random: Random): Policy<PushTState> {
  const { layout } = world as PushT;
  if (random.uniform() < WEAK) return weak(world, random);
  return {
    act: pushtExpert(layout, random, { noise: WILD * random.uniform(), pace: 1 + FASTER * random.uniform() }),
    next: (state) => (isReached(state, state.target) ? { ...state, target: drawTarget(layout, random) } : state),
    done: () => false,
  };
}

/**
 * Puts right what is a little off, and ends there, at rest: the block not quite where it shall be, the agent in its place or not. Of an expert
 * with a far target one sees this seldom, and never from where the agent is in place already. Half of the time it takes the block for placed at
 * first: that the agent is in place must not be the sign that the block is.
 */
function amends(world: World<PushTState>, random: Random): Policy<PushTState> {
  const { layout } = world as PushT;
  const passing = (state: PushTState): Pose => {
    let there = state;
    const guide = pushtExpert(layout, random, { noise: NOISE * random.uniform() });
    for (let step = random.integer(AMENDS.passing); step > 0; step--) there = world.step(there, guide(there));
    return poseOf(there);
  };
  const act = pushtExpert(layout, random, { noise: NOISE * random.uniform() });
  let mistaken = random.uniform() < HALF ? random.integer(AMENDS.mistaken) : 0;
  let stayed = 0;
  return {
    begin: (state) => {
      const target = random.uniform() < HALF ? state.target : passing(state);
      const from = random.uniform() < AFRESH ? state : near(layout, target, random);
      return { ...state, ...from, velocity: [0, 0], target };
    },
    act: (state) => {
      const { block, angle, target } = state;
      return act(mistaken-- > 0 ? { ...state, target: { ...target, block, angle } } : state);
    },
    next: (state) => {
      stayed = within(CONTENT, state, state.target) ? stayed + 1 : 0;
      return state;
    },
    done: () => stayed >= CONTENT.steps,
  };
}

/** A pose a little way from another; smaller ways more often. */
function near(layout: Layout, { agent, block, angle }: Pose, random: Random): Pose {
  const away = ([x, y]: Point, most: number): Point => {
    const [way, direction] = [most * random.uniform() ** 2, 2 * Math.PI * random.uniform()];
    return [x + way * Math.cos(direction), y + way * Math.sin(direction)];
  };
  for (;;) {
    const off = random.uniform() < PLACED ? 0 : 1;
    const turn = off * AMENDS.rad * random.uniform() ** 2 * (random.uniform() < 0.5 ? -1 : 1);
    const pose = {
      agent: away(agent, AMENDS.agent),
      block: away(block, off * AMENDS.px),
      angle: wrapped(angle + turn),
    };
    if (fits(layout, pose)) return pose;
  }
}

/** Stable-worldmodel's: towards a uniform place within 100 px of the block, another one every step. */
function weak(world: World<PushTState>, random: Random): Policy<PushTState> {
  const { layout } = world as PushT;
  return {
    act: ({ agent, block }) =>
      [0, 1].map((axis) => {
        const wanted = SIDE * random.uniform();
        const place = clamp(wanted, block[axis]! - ABOUT, block[axis]! + ABOUT);
        if (layout.actions === 'absolute') return (2 * place) / SIDE - 1;
        return clamp((place - agent[axis]!) / layout.speed, -1, 1);
      }),
    next: (state) => state,
    done: () => false,
  };
}
