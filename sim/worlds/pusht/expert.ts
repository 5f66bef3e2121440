import type { Action } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import type { Expert } from '../../world.ts';
import { type Contact, contactsOf, outside } from './contacts.ts';
import { goRound } from './go-round.ts';
import { clamp, type Pose, type PushTState } from './index.ts';
import type { Layout } from './layout.ts';
import { apart } from './protocols.ts';
import { moveBy } from './servo.ts';
import type { Point } from './shapes.ts';

/** The block is where it shall be within this much, px and rad: then the agent goes to its own place. */
const PLACED = { px: 4, rad: 0.05 };
/** Once it is placed, it counts as displaced only beyond this. */
const DISPLACED = { px: 9, rad: 0.14 };
/**
 * The most that the agent moves in a step at pace 1, px: on its way, and pushing. With a little noise actions and velocities
 * then spread as in the published demonstrations (0.20 and 75 px/s).
 */
const FASTEST = { going: 11, pushing: 6 };
/** A push of less than this is over, px. */
const SHORTEST = 1;
/** This far from where it shall touch, the agent goes round again, px. */
const OFF = 7;
/** Before it touches it waits this far away, px. */
const BEFORE = 4;
/** Progress that a longer way must bring, per px of it. */
const WAY_COST = 0.04;
/** Pushes begin in the picture, px. */
const INSIDE = { low: 12, high: 500 };

/**
 * Pushes the block to its target pose, then brings the agent to its place; sees the true state. It chooses the contact
 * whose push (the block without friction, at every moment as slow as it is pushed) brings it nearest, goes round the block,
 * and pushes for as long as that helps. `noise` is the standard deviation of what is added to its actions,
 * `pace` how many times as fast as people it is.
 */
export function pushtExpert(layout: Layout, random: Random, { noise = 0, pace = 1 } = {}): Expert<PushTState> {
  const contacts = contactsOf(layout);
  let chosen: Contact | undefined;
  let placed = false;
  return (state): Action => {
    placed = isPlaced(state, placed ? DISPLACED : PLACED);
    if (placed) chosen = undefined;
    else if (!chosen || pushLength(layout, state, chosen) < SHORTEST) chosen = choose(layout, contacts, state);
    const by = chosen ? towardsPush(layout, state, chosen, pace) : towards(layout, state, state.target.agent, pace);
    return moveBy(layout, state, by).map((value) => clamp(value + noise * random.normal(), -1, 1));
  };
}

/** The block's error: what is left to move its centre, px, and to turn it, rad. */
function errorOf({ block }: Layout, state: PushTState): readonly [x: number, y: number, turn: number] {
  const [x, y] = outside(state, block.centre);
  const [tx, ty] = outside(state.target, block.centre);
  const turn = Math.atan2(Math.sin(state.target.angle - state.angle), Math.cos(state.target.angle - state.angle));
  return [tx - x, ty - y, turn];
}

function isPlaced(state: PushTState, within: typeof PLACED): boolean {
  const { block } = state;
  const off = Math.hypot(block[0] - state.target.block[0], block[1] - state.target.block[1]);
  return off < within.px && apart(state.angle, state.target.angle) < within.rad;
}

/** What a push by 1 px does to the block: its centre moves by `[x, y]` px and it turns by `turn` rad. */
function twistOf({ block }: Layout, { angle }: Pick<Pose, 'angle'>, { normal, lever }: Contact) {
  const share = 1 / (1 + (lever * lever) / block.moment);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    share * (c * normal[0] - s * normal[1]),
    share * (s * normal[0] + c * normal[1]),
    (share * lever) / block.moment,
  ] as const;
}

/** How far to push there to come nearest, px (a radian counts as the radius of gyration); negative when it leads away. */
function pushLength(layout: Layout, state: PushTState, contact: Contact): number {
  const [x, y, turn] = twistOf(layout, state, contact);
  const [ex, ey, et] = errorOf(layout, state);
  const { moment } = layout.block;
  return (ex * x + ey * y + moment * et * turn) / (x * x + y * y + moment * turn * turn);
}

function choose(layout: Layout, contacts: readonly Contact[], state: PushTState): Contact | undefined {
  const [ex, ey, et] = errorOf(layout, state);
  const { moment } = layout.block;
  const left = Math.sqrt(ex * ex + ey * ey + moment * et * et);
  let best: { readonly contact: Contact | undefined; readonly worth: number } = {
    contact: undefined,
    worth: -Infinity,
  };
  for (const contact of contacts) {
    const length = pushLength(layout, state, contact);
    if (length < 2 * SHORTEST) continue;
    const [px, py] = outside(state, contact.agent);
    if (Math.min(px, py) < INSIDE.low || Math.max(px, py) > INSIDE.high) continue;
    const [x, y, turn] = twistOf(layout, state, contact);
    const gain = length * Math.sqrt(x * x + y * y + moment * turn * turn);
    const way = Math.hypot(px - state.agent[0], py - state.agent[1]);
    const worth = left - Math.sqrt(Math.max(0, left * left - gain * gain)) - WAY_COST * way;
    if (worth > best.worth) best = { contact, worth };
  }
  return best.contact;
}

/** Where the agent moves in this step to push at a contact. */
function towardsPush(layout: Layout, state: PushTState, contact: Contact, pace: number): Point {
  const touch = outside(state, contact.agent);
  const [c, s] = [Math.cos(state.angle), Math.sin(state.angle)];
  const [nx, ny] = [c * contact.normal[0] - s * contact.normal[1], s * contact.normal[0] + c * contact.normal[1]];
  const [dx, dy] = [touch[0] - state.agent[0], touch[1] - state.agent[1]];
  const before = dx * nx + dy * ny;
  const aside = Math.abs(dx * ny - dy * nx);
  if (aside > OFF || before > BEFORE + OFF || before < -OFF) {
    return towards(layout, state, [touch[0] - BEFORE * nx, touch[1] - BEFORE * ny], pace);
  }
  const push = Math.min(pace * FASTEST.pushing, pushLength(layout, state, contact));
  return [dx + nx * push, dy + ny * push];
}

function towards(layout: Layout, state: PushTState, place: Point, pace: number): Point {
  const next = goRound(layout, state, state.agent, place);
  const [dx, dy] = [next[0] - state.agent[0], next[1] - state.agent[1]];
  const share = Math.min(1, (pace * FASTEST.going) / Math.max(1e-9, Math.hypot(dx, dy)));
  return [dx * share, dy * share];
}
