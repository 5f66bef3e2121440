import type { ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import { checkedAction, type World } from '../../world.ts';
import type { Layout } from './layout.ts';
import { type Picture, picture } from './picture.ts';
import { BORDER, facesOf, move, type Point, roomOf, SIDE } from './rules.ts';

/** `dot` and `target` in px of the 65-pixel picture. */
export type WallState = { readonly dot: Point; readonly target: Point };

/** Wall with its layout, for the expert and the protocols. */
export interface Wall extends World<WallState> {
  readonly layout: Layout;
}

export const stateNames: readonly string[] = ['x', 'y', 'targetX', 'targetY'];

/** A hand moves the dot at most this far in a step, px. */
const PULL = 6;

/** DINO-WM's Wall (and PLDM's): a dot, a wall, an opening; kinematic rules. Throws `RangeError` for a bad action. */
export function wallWorld(layout: Layout): Wall {
  const faces = facesOf(layout);
  const pictures = new Map<number, Picture>();
  const { most, speed } = layout;
  const actionSpec: ActionSpec = {
    low: [-most, -most],
    high: [most, most],
    rest: [0, 0],
    maxRate: [20 * most, 20 * most], // any change within one step of 100 ms
    names: ['x', 'y'],
  };
  return {
    layout,
    actionSpec,
    periodMs: 100,
    reset: (random) => {
      const side = random.uniform() < 0.5 ? 0 : 1;
      const dot = drawInRoom(layout, side, random);
      return { dot, target: drawInRoom(layout, side === 0 ? 1 : 0, random.fork('target')) };
    },
    step: ({ dot, target }, action) => {
      const [x, y] = checkedAction(actionSpec, action) as [number, number];
      return { dot: move(faces, dot, [speed * x, speed * y]), target };
    },
    render: ({ dot }, size) => {
      let paint = pictures.get(size);
      if (!paint) {
        paint = picture(layout, size);
        pictures.set(size, paint);
      }
      return paint(dot);
    },
    pull: (state, { to }) => {
      const [x, y] = [to[0]! * SIDE - 0.5 - state.dot[0], to[1]! * SIDE - 0.5 - state.dot[1]];
      const share = Math.min(1, PULL / Math.max(Math.hypot(x, y), 1e-9));
      return { ...state, dot: move(faces, state.dot, [share * x, share * y]) };
    },
    encodeState: ({ dot, target }) => [...dot, ...target],
    decodeState: (values) => ({ dot: [values[0]!, values[1]!], target: [values[2]!, values[3]!] }),
    locate: ({ dot: [x, y] }) => [(x + 0.5) / SIDE, (y + 0.5) / SIDE],
  };
}

/** Uniform in a room, two blobs' widths off its walls, as the original draws it. */
export function drawInRoom({ wall, dot }: Layout, room: 0 | 1, random: Random): Point {
  const off = 2 * dot;
  const [left, right] = room === 0 ? [BORDER.low, wall.centre - wall.half] : [wall.centre + wall.half, BORDER.high];
  const draw = (low: number, high: number) => low + off + (high - low - 2 * off) * random.uniform();
  return [draw(left, right), draw(BORDER.low, BORDER.high)];
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const otherRoom = (layout: Layout, place: Point): 0 | 1 => (roomOf(layout, place) === 0 ? 1 : 0);
