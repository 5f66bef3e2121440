import type { Action, ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import type { World } from '../../world.ts';
import { BORDER, type Layout, type Point, SIZE, WALL } from './layout.ts';
import { type Picture, picture } from './picture.ts';
import { acrossIndex, clamp, endpointMove, roomOf, wallHalf } from './rules.ts';
import { sweptMove, wallBlocks } from './swept.ts';

/** `agent` and `target` in px of the 224-pixel picture, x right, y down. */
export type TwoRoomState = { readonly agent: Point; readonly target: Point };

/** TwoRoom with its layout, for the expert and the protocols. */
export interface TwoRoom extends World<TwoRoomState> {
  readonly layout: Layout;
}

const actionSpec: ActionSpec = {
  low: [-1, -1],
  high: [1, 1],
  rest: [0, 0],
  // Any change within one step of 100 ms.
  maxRate: [20, 20],
  names: ['x', 'y'],
};

/** The first and the last coordinate that `reset` draws, px. */
const DRAWN = { low: 14, high: 209 };

/** A hand moves the agent at most this far in a step, px. */
const PULL = 20;

/** Two rooms, a wall, a door: kinematic rules of stable-worldmodel's TwoRoom. Throws `RangeError` for a NaN action. */
export function twoRoomWorld(layout: Layout): TwoRoom {
  const blocks = wallBlocks(layout);
  const pictures = new Map<number, Picture>();
  const move = (from: Point, by: Point): Point =>
    layout.collision === 'swept' ? sweptMove(layout, blocks, from, by) : endpointMove(layout, from, by);
  return {
    layout,
    actionSpec,
    periodMs: 100,
    reset: (random) => {
      const agent = drawAgent(layout, random);
      const target = layout.targets === 'anywhere' ? drawTarget(random) : drawFarTarget(layout, agent, random);
      return { agent: layout.collision === 'swept' ? move(agent, [0, 0]) : agent, target };
    },
    step: ({ agent, target }, action) => {
      const [ax, ay] = checked(action);
      return { agent: move(agent, [ax * layout.speed, ay * layout.speed]), target };
    },
    render: ({ agent, target }, size) => {
      let paint = pictures.get(size);
      if (!paint) {
        paint = picture(layout, size);
        pictures.set(size, paint);
      }
      return paint(agent, target);
    },
    pull: (state, { to }) => {
      const [x, y] = [to[0]! * SIZE - 0.5, to[1]! * SIZE - 0.5];
      const away = Math.hypot(x - state.agent[0], y - state.agent[1]);
      const share = Math.min(1, PULL / Math.max(away, 1e-9));
      return { ...state, agent: move(state.agent, [share * (x - state.agent[0]), share * (y - state.agent[1])]) };
    },
    encodeState: ({ agent, target }) => [agent[0], agent[1], target[0], target[1]],
    decodeState: (values) => ({ agent: [values[0]!, values[1]!], target: [values[2]!, values[3]!] }),
    locate: ({ agent: [x, y] }) => [clamp((x + 0.5) / SIZE, 0, 1), clamp((y + 0.5) / SIZE, 0, 1)],
  };
}

/** An `other-room` target is at least this many steps away. */
const FAR_STEPS = 25;
/** After so many draws (a fast agent has nothing that far) the farthest place seen will do. */
const FAR_TRIES = 1000;

/** Uniform over the other room, where the shortest way through a door is long enough. */
function drawFarTarget(layout: Layout, agent: Point, random: Random): Point {
  const fitting = layout.doors.filter(({ half }) => half >= 1.1 * layout.radius);
  const doors = fitting.map(({ centre }): Point => (layout.axis === 'vertical' ? [WALL, centre] : [centre, WALL]));
  let farthest: { target: Point; way: number } | undefined;
  for (let tries = 0; !farthest || (farthest.way < FAR_STEPS * layout.speed && tries < FAR_TRIES); tries++) {
    const target = drawAgent(layout, random);
    if (roomOf(layout, target) === roomOf(layout, agent)) continue;
    const way = Math.min(...doors.map((door) => distance(agent, door) + distance(door, target)));
    farthest = !farthest || way > farthest.way || way >= FAR_STEPS * layout.speed ? { target, way } : farthest;
  }
  return farthest.target;
}

/** Uniform over the picture's inside; no part of the wall's band, door or not. */
function drawAgent(layout: Layout, random: Random): Point {
  const reach = wallHalf(layout) + layout.radius;
  for (;;) {
    const point = drawTarget(random);
    const across = point[acrossIndex(layout)];
    if (across < WALL - reach || across > WALL + reach) return point;
  }
}

/** Uniform over the picture's inside, with no constraint. */
export function drawTarget(random: Random): Point {
  const draw = () => DRAWN.low + (DRAWN.high - DRAWN.low) * random.uniform();
  return [draw(), draw()];
}

/** Uniform among places of one room where the disc touches nothing. */
export function drawInRoom(layout: Layout, room: 0 | 1, random: Random): Point {
  const reach = wallHalf(layout) + layout.radius;
  const [low, high] = [BORDER.inner + layout.radius, BORDER.far - layout.radius];
  const across = room === 0 ? [low, WALL - reach] : [WALL + reach, high];
  const draw = (from: number, to: number) => from + (to - from) * random.uniform();
  const [a, b] = [draw(across[0]!, across[1]!), draw(low, high)];
  return layout.axis === 'vertical' ? [a, b] : [b, a];
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

function checked(action: Action): Point {
  const [x, y] = action;
  if (action.length !== 2 || !Number.isFinite(x) || !Number.isFinite(y)) {
    throw new RangeError(`action must be two finite numbers, got [${action.join(', ')}]`);
  }
  return [clamp(x!, -1, 1), clamp(y!, -1, 1)];
}
