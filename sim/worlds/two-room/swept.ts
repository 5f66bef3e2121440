import { BORDER, type Layout, type Point, WALL } from './layout.ts';
import { clamp, wallHalf } from './rules.ts';

type Block = { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };
type Hit = { readonly time: number; readonly nx: number; readonly ny: number };

/** The disc is kept this far off what it touches, so that rounding never makes it penetrate, px. */
const SKIN = 1e-6;
/** Less than this much approach, as a share of the move, is sliding. */
const GRAZE = 1e-10;
const SLIDES = 6;
/** Beyond the picture: the wall has no free end at the borders. */
const FAR = 1000;

/** The solid pieces of the wall: what the doors leave. */
export function wallBlocks(layout: Layout): Block[] {
  const half = wallHalf(layout);
  const openings = layout.doors.map(({ centre, half: size }) => [centre - size, centre + size] as const);
  const blocks: Block[] = [];
  let from = -FAR;
  for (const [low, high] of [...openings.sort((a, b) => a[0] - b[0]), [FAR, FAR] as const]) {
    if (low > from) {
      blocks.push(
        layout.axis === 'vertical'
          ? { x0: WALL - half, x1: WALL + half, y0: from, y1: low }
          : { x0: from, x1: low, y0: WALL - half, y1: WALL + half },
      );
    }
    from = Math.max(from, high);
  }
  return blocks;
}

/**
 * A disc moved with its whole body: it stops at the first contact with the wall (jambs and corners included) or a
 * border and slides on along the tangent. `[x, y]` px, displacement px; a disc that starts inside something is first
 * put beside it.
 */
export function sweptMove(layout: Layout, blocks: readonly Block[], position: Point, displacement: Point): Point {
  const reach = layout.radius + SKIN;
  const low = BORDER.inner + layout.radius;
  const high = BORDER.far - layout.radius;
  let [x, y] = pushedOut(position, blocks, reach, low, high);
  let [dx, dy] = displacement;
  for (let slide = 0; slide < SLIDES && (dx !== 0 || dy !== 0); slide++) {
    const hit = firstHit(blocks, x, y, dx, dy, reach, low, high);
    const time = hit?.time ?? 1;
    x = clamp(x + dx * time, low, high);
    y = clamp(y + dy * time, low, high);
    if (!hit) break;
    dx *= 1 - time;
    dy *= 1 - time;
    const into = dx * hit.nx + dy * hit.ny;
    dx -= into * hit.nx;
    dy -= into * hit.ny;
  }
  return [x, y];
}

/** Gap between the disc's rim and the nearest wall or border, px; negative when they overlap. */
export function clearance(layout: Layout, blocks: readonly Block[], [x, y]: Point): number {
  let gap = Math.min(x - BORDER.inner, BORDER.far - x, y - BORDER.inner, BORDER.far - y);
  for (const block of blocks) {
    gap = Math.min(gap, Math.hypot(x - clamp(x, block.x0, block.x1), y - clamp(y, block.y0, block.y1)));
  }
  return gap - layout.radius;
}

/** Does the disc touch nothing on the straight way from one point to another? (A rim on a border line is no touch.) */
export function legalSegment(layout: Layout, blocks: readonly Block[], from: Point, to: Point): boolean {
  const tolerance = 1e-4;
  if (clearance(layout, blocks, from) < -tolerance || clearance(layout, blocks, to) < -tolerance) return false;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return !firstHit(blocks, from[0], from[1], dx, dy, layout.radius - tolerance, -FAR, FAR);
}

function firstHit(
  blocks: readonly Block[],
  x: number,
  y: number,
  dx: number,
  dy: number,
  reach: number,
  low: number,
  high: number,
): Hit | undefined {
  const graze = GRAZE * (Math.abs(dx) + Math.abs(dy));
  let first: Hit | undefined;
  const offer = (time: number, nx: number, ny: number) => {
    if (time > 1 || (first && time >= first.time) || dx * nx + dy * ny > -graze) return;
    first = { time: Math.max(0, time), nx, ny };
  };
  if (dx < 0) offer((low - x) / dx, 1, 0);
  if (dx > 0) offer((high - x) / dx, -1, 0);
  if (dy < 0) offer((low - y) / dy, 0, 1);
  if (dy > 0) offer((high - y) / dy, 0, -1);
  for (const { x0, y0, x1, y1 } of blocks) {
    const within = (value: number, from: number, to: number) => value >= from && value <= to;
    if (dx > 0 && x <= x0) face((x0 - reach - x) / dx, (time) => within(y + dy * time, y0, y1), -1, 0);
    if (dx < 0 && x >= x1) face((x1 + reach - x) / dx, (time) => within(y + dy * time, y0, y1), 1, 0);
    if (dy > 0 && y <= y0) face((y0 - reach - y) / dy, (time) => within(x + dx * time, x0, x1), 0, -1);
    if (dy < 0 && y >= y1) face((y1 + reach - y) / dy, (time) => within(x + dx * time, x0, x1), 0, 1);
    corner(x0, y0);
    corner(x0, y1);
    corner(x1, y0);
    corner(x1, y1);
  }
  return first;

  function face(time: number, meets: (time: number) => boolean, nx: number, ny: number): void {
    if (meets(Math.max(0, time))) offer(time, nx, ny);
  }

  function corner(cx: number, cy: number): void {
    const [ox, oy] = [x - cx, y - cy];
    const a = dx * dx + dy * dy;
    const b = dx * ox + dy * oy;
    const root = b * b - a * (ox * ox + oy * oy - reach * reach);
    if (b >= 0 || root <= 0) return;
    const time = Math.max(0, (-b - Math.sqrt(root)) / a);
    const [hx, hy] = [ox + dx * time, oy + dy * time];
    const length = Math.hypot(hx, hy);
    offer(time, hx / length, hy / length);
  }
}

/** The nearest place where the disc overlaps nothing (a few alternating projections). */
function pushedOut([x, y]: Point, blocks: readonly Block[], reach: number, low: number, high: number): Point {
  for (let round = 0; round < 4; round++) {
    x = clamp(x, low, high);
    y = clamp(y, low, high);
    let moved = false;
    for (const block of blocks) {
      const [cx, cy] = [clamp(x, block.x0, block.x1), clamp(y, block.y0, block.y1)];
      const distance = Math.hypot(x - cx, y - cy);
      if (distance >= reach) continue;
      moved = true;
      if (distance > 0) {
        x = cx + ((x - cx) * reach) / distance;
        y = cy + ((y - cy) * reach) / distance;
      } else if (block.x1 - block.x0 < block.y1 - block.y0) {
        x = x < (block.x0 + block.x1) / 2 ? block.x0 - reach : block.x1 + reach;
      } else {
        y = y < (block.y0 + block.y1) / 2 ? block.y0 - reach : block.y1 + reach;
      }
    }
    if (!moved) break;
  }
  return [x, y];
}
