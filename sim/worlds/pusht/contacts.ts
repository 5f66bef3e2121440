import type { Pose } from './index.ts';
import type { Layout } from './layout.ts';
import { type Block, type Box, cornersOf, type Point } from './shapes.ts';

/** Somewhere the agent can push: all in the block's frame. */
export type Contact = {
  /** The agent's middle when it touches. */
  readonly agent: Point;
  /** The way it pushes, of length 1. */
  readonly normal: Point;
  /** Signed distance from the block's centre to the line of the push, px: pushes with a positive one turn it by positive angles. */
  readonly lever: number;
};

/** Points on an edge are so far apart, and at least so far from its ends, px. */
const SPACING = 9;
const FROM_END = 5;
/** What touches may lie this much inside by rounding, px. */
const TOUCH = 0.5;

/** Where an agent of that radius can push a block: along all outer edges. */
export function contactsOf({ block, agentRadius }: Pick<Layout, 'block' | 'agentRadius'>): Contact[] {
  return block.boxes.flatMap((box) => {
    const corners = cornersOf(box);
    return corners.flatMap((from, i) => alongEdge(block, agentRadius, from, corners[(i + 1) % 4]!));
  });
}

function alongEdge(block: Block, radius: number, from: Point, to: Point): Contact[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const normal: Point = [-dy / length, dx / length]; // into a box whose corners go clockwise on the screen
  const count = Math.max(1, Math.round((length - 2 * FROM_END) / SPACING) + 1);
  const found: Contact[] = [];
  for (let i = 0; i < count; i++) {
    const along = count === 1 ? length / 2 : FROM_END + ((length - 2 * FROM_END) * i) / (count - 1);
    const [x, y] = [from[0] + (dx * along) / length, from[1] + (dy * along) / length];
    const agent: Point = [x - normal[0] * radius, y - normal[1] * radius];
    if (distanceTo(block.boxes, agent) < radius - TOUCH) continue; // another part of the block is in the way
    const lever = (x - block.centre[0]) * normal[1] - (y - block.centre[1]) * normal[0];
    found.push({ agent, normal, lever });
  }
  return found;
}

/** From a place to the surface of the block, px, in its frame; negative inside. */
export function distanceTo(boxes: readonly Box[], [x, y]: Point): number {
  let nearest = Infinity;
  for (const box of boxes) {
    const dx = Math.abs(x - box.x) - box.halfX;
    const dy = Math.abs(y - box.y) - box.halfY;
    nearest = Math.min(nearest, dx > 0 && dy > 0 ? Math.sqrt(dx * dx + dy * dy) : Math.max(dx, dy));
  }
  return nearest;
}

/** A place of the world in the block's frame, and back. */
export const inside = ({ block, angle }: Pick<Pose, 'block' | 'angle'>, [x, y]: Point): Point => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * (x - block[0]) + s * (y - block[1]), c * (y - block[1]) - s * (x - block[0])];
};
export const outside = ({ block, angle }: Pick<Pose, 'block' | 'angle'>, [x, y]: Point): Point => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [block[0] + c * x - s * y, block[1] + s * x + c * y];
};
