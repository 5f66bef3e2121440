import type { Random } from '../../../src/random.ts';
import { turned } from '../../turned.ts';
import type { Policy, Task, World } from '../../world.ts';
import { pushtExpert } from './expert.ts';
import { factors } from './factors.ts';
import { clamp, drawTarget, type Pose, type PushT, type PushTState, pushtWorld, stateNames } from './index.ts';
import { layoutOf, variations } from './layout.ts';
import { SIDE } from './physics.ts';
import { apart, isReached, pushtProtocols } from './protocols.ts';
import { moveBy } from './servo.ts';
import type { Point } from './shapes.ts';

/** A worthwhile goal: the block is this far away; a far one that far, px, or turned by so much, rad. */
const NEAR = 40;
const FAR = { px: 120, rad: 1.2 };
/** Share of `explore` episodes played by the weak policy. */
const WEAK = 0.2;
/** The weak policy keeps within this much of the block, px. */
const ABOUT = 100;
/** The most noise of an expert's episode; and while exploring, where it is up to so much faster, too. */
const NOISE = 0.1;
const WILD = 0.3;
const FASTER = 1;

/** How far off an errand's goal is, steps of an expert, and after how many it is dropped. */
const ERRAND = { least: 5, most: 40, patience: 60 };
/** An errand is done where nobody would push any more. */
const THERE = { px: 6, rad: 0.07 };

/** An outing begins in so many of the steps, goes so far out, px, by so much a step, and is given up after so many. */
const OUTING = { often: 0.01, least: 5, most: 100, px: 15, patience: 40 };

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
  protocols: pushtProtocols(),
  policies: { expert, explore, roam, errands, weak },
  goal: (world, state, random, far) => {
    for (;;) {
      const target = drawTarget((world as PushT).layout, random);
      const way = Math.hypot(target.block[0] - state.block[0], target.block[1] - state.block[1]);
      const turn = Math.abs(Math.atan2(Math.sin(target.angle - state.angle), Math.cos(target.angle - state.angle)));
      if (way < NEAR || (far && way < FAR.px && turn < FAR.rad) || (!far && way > FAR.px)) continue;
      return { ...target, velocity: [0, 0], target };
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

const isThere = (state: Pose, goal: Pose): boolean =>
  Math.hypot(state.agent[0] - goal.agent[0], state.agent[1] - goal.agent[1]) < THERE.px &&
  Math.hypot(state.block[0] - goal.block[0], state.block[1] - goal.block[1]) < THERE.px &&
  apart(state.angle, goal.angle) < THERE.rad;

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
 * Explores, and now and then leaves the picture at the nearest edge, and comes back: how one gets lost, which who never did knows nothing of.
 */
function roam(world: World<PushTState>, random: Random): Policy<PushTState> {
  const { layout } = world as PushT;
  const exploring = explore(world, random);
  let outing: { readonly place: Point; steps: number } | undefined;
  return {
    ...exploring,
    act: (state) => {
      const action = exploring.act(state);
      if (!outing && random.uniform() < OUTING.often) outing = { place: outsideOf(state.agent, random), steps: 0 };
      if (!outing) return action;
      const by = outing.place.map((to, axis) => to - state.agent[axis]!) as [number, number];
      const share = Math.min(1, OUTING.px / Math.hypot(...by));
      if (outing.steps++ >= OUTING.patience || share === 1) outing = undefined;
      return moveBy(layout, state, [by[0] * share, by[1] * share]).map((value) => clamp(value, -1, 1));
    },
  };
}

/** A place beyond the nearest edge, a little aside. */
function outsideOf([x, y]: Point, random: Random): Point {
  const beyond = OUTING.least + (OUTING.most - OUTING.least) * random.uniform();
  const aside = OUTING.most * (random.uniform() - 0.5);
  const edges = [
    { far: x, place: [-beyond, y + aside] },
    { far: SIDE - x, place: [SIDE + beyond, y + aside] },
    { far: y, place: [x + aside, -beyond] },
    { far: SIDE - y, place: [x + aside, SIDE + beyond] },
  ] as const;
  return edges.reduce((a, b) => (b.far < a.far ? b : a)).place;
}

/**
 * Of what is near: be, together with the block, where an expert on its way to anywhere would be within two seconds; then the next. An errand
 * that has taken too long is dropped. Shows how to come to rest at a goal, and how to put right what has gone wrong, which an expert with a
 * far target shows only in the end.
 */
function errands(world: World<PushTState>, random: Random): Policy<PushTState> {
  const { layout } = world as PushT;
  const act = pushtExpert(layout, random, { noise: WILD * random.uniform(), pace: 1 + FASTER * random.uniform() });
  const ahead = (state: PushTState): PushTState => {
    const guide = pushtExpert(layout, random, { noise: NOISE * random.uniform() });
    let there: PushTState = { ...state, target: drawTarget(layout, random) };
    for (let step = ERRAND.least + random.integer(ERRAND.most - ERRAND.least); step > 0; step--) {
      there = world.step(there, guide(there));
    }
    const { agent, block, angle } = there;
    return { ...state, target: { agent, block, angle } };
  };
  let steps = Number.POSITIVE_INFINITY;
  return {
    act,
    next: (state) => {
      steps++;
      if (steps < ERRAND.patience && !isThere(state, state.target)) return state;
      steps = 0;
      return ahead(state);
    },
    done: () => false,
  };
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
