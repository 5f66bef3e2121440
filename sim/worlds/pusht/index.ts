import type { Action, ActionSpec } from '../../../src/drivers/driver.ts';
import type { Random } from '../../../src/random.ts';
import type { World } from '../../world.ts';
import { distanceTo, inside, outside } from './contacts.ts';
import type { Layout } from './layout.ts';
import { type Motion, PERIOD_MS, pushStep, SIDE, turned } from './physics.ts';
import { type Picture, picture } from './picture.ts';
import { cornersOf, type Point } from './shapes.ts';

/** Where the agent and the block are, or are to be. */
export type Pose = Pick<Motion, 'agent' | 'block' | 'angle'>;
export type PushTState = Motion & { readonly target: Pose };

/** PushT with its layout, for the expert and the protocols. */
export interface PushT extends World<PushTState> {
  readonly layout: Layout;
}

export const stateNames: readonly string[] = [
  ...['agentX', 'agentY', 'blockX', 'blockY', 'angle', 'velocityX', 'velocityY'],
  ...['targetAgentX', 'targetAgentY', 'targetBlockX', 'targetBlockY', 'targetAngle'],
];

const actionSpec: ActionSpec = {
  low: [-1, -1],
  high: [1, 1],
  rest: [0, 0],
  maxRate: [20, 20], // any change within one step of 100 ms
  names: ['x', 'y'],
};

/** Where the original draws agents and blocks, px. */
const DRAWN = { agent: [50, 450], block: [100, 400] } as const;
/** Targets lie so far inside the walls, px. */
const WALLS = { low: 9, high: 502 };
/** A hand moves a thing at most this far in a step, px. */
const PULL = 40;

/**
 * Push a block to a pose with a round agent: the published PushT, rebuilt. Actions are relative ([-1, 1]^2 of `speed` px) or
 * places (`pusht-gym`; rest is the middle there). Throws `RangeError` for an action that is not two finite numbers.
 */
export function pushtWorld(layout: Layout): PushT {
  const pictures = new Map<number, Picture>();
  return {
    layout,
    actionSpec,
    periodMs: PERIOD_MS,
    reset: (random) => ({ ...drawPose(random), velocity: [0, 0], target: drawTarget(layout, random.fork('target')) }),
    step: (state, action) => {
      const [x, y] = checked(action);
      const target: Point =
        layout.actions === 'relative'
          ? [state.agent[0] + layout.speed * x, state.agent[1] + layout.speed * y]
          : [((x + 1) * SIDE) / 2, ((y + 1) * SIDE) / 2];
      return { ...pushStep(layout, state, target), target: state.target };
    },
    render: (state, size) => {
      let paint = pictures.get(size);
      if (!paint) {
        paint = picture(layout, size);
        pictures.set(size, paint);
      }
      return paint(state);
    },
    pull: (state, { from, to }) => pulled(state, [from[0]! * SIDE, from[1]! * SIDE], [to[0]! * SIDE, to[1]! * SIDE]),
    encodeState: ({ agent, block, angle, velocity, target }) => [
      ...agent,
      ...block,
      angle,
      ...velocity,
      ...target.agent,
      ...target.block,
      target.angle,
    ],
    decodeState: (values) => {
      const at = (i: number): Point => [values[i]!, values[i + 1]!];
      const target = { agent: at(7), block: at(9), angle: values[11]! };
      return { agent: at(0), block: at(2), angle: values[4]!, velocity: at(5), target };
    },
    locate: ({ agent: [x, y] }) => [clamp(x / SIDE, 0, 1), clamp(y / SIDE, 0, 1)],
  };
}

/** As stable-worldmodel draws it: agent, block and angle uniform, overlaps and all. */
export function drawPose(random: Random): Pose {
  const within = ([low, high]: Point) => low + (high - low) * random.uniform();
  const agent: Point = [within(DRAWN.agent), within(DRAWN.agent)];
  const block: Point = [within(DRAWN.block), within(DRAWN.block)];
  return { agent, block, angle: turned(4 * Math.PI * random.uniform() - 2 * Math.PI) };
}

/** A pose that can be reached: the block off the walls, the agent off the block. */
export function drawTarget(layout: Layout, random: Random): Pose {
  for (;;) {
    const pose = drawPose(random);
    if (fits(layout, pose)) return pose;
  }
}

/** Is the block off the walls, and the agent off the block? */
export function fits({ block, agentRadius }: Layout, pose: Pose): boolean {
  const corners = block.boxes.flatMap(cornersOf).flatMap((corner) => outside(pose, corner));
  if (Math.min(...corners) < WALLS.low || Math.max(...corners) > WALLS.high) return false;
  return distanceTo(block.boxes, inside(pose, pose.agent)) > agentRadius + 1;
}

/** Moves what is nearer to `from`, the agent or the block's middle, towards `to`. */
function pulled(state: PushTState, from: Point, to: Point): PushTState {
  const towards = ([x, y]: Point): Point => {
    const away = Math.hypot(to[0] - x, to[1] - y);
    const share = Math.min(1, PULL / Math.max(away, 1e-9));
    return [x + share * (to[0] - x), y + share * (to[1] - y)];
  };
  const far = ([x, y]: Point) => Math.hypot(x - from[0], y - from[1]);
  if (far(state.agent) < far(state.block)) return { ...state, agent: towards(state.agent), velocity: [0, 0] };
  return { ...state, block: towards(state.block) };
}

function checked(action: Action): Point {
  const [x, y] = action;
  if (action.length !== 2 || !Number.isFinite(x) || !Number.isFinite(y)) {
    throw new RangeError(`action must be two finite numbers, got [${action.join(', ')}]`);
  }
  return [clamp(x!, -1, 1), clamp(y!, -1, 1)];
}

export const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
