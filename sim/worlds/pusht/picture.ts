import type { Frame } from '../../../src/drivers/driver.ts';
import { type Colour, type FlatCanvas, flatCanvas } from '../../flat/canvas.ts';
import type { Layout } from './layout.ts';
import { type Motion, SIDE } from './physics.ts';
import type { Block, Point } from './shapes.ts';

/** Where the mark lies. */
export const MARK = { block: [256, 256], angle: Math.PI / 4 } as const;
/** The original draws on whole pixels, whose middles are half a pixel further. */
const HALF = 0.5;
/** The agent's bright inside, and the rim of the block to each side, px. */
const INSIDE = 11 / 15;
const RIM = 2;
const WALL = { middle: 256, from: 250.5, half: 2.2 };

export type Picture = (motion: Motion) => Frame;

/** A painter of square pictures of `size` pixels after the original's drawing rules; the background is painted once. */
export function picture(layout: Layout, size: number): Picture {
  const { colours, block, agentRadius } = layout;
  const canvas = flatCanvas(size, SIDE);
  const rim = shade(colours.block, [-24, -27, -31]);
  const inside = shade(colours.agent, [13, 21, 30]);
  for (let i = 0; i < canvas.pixels.length; i++) canvas.pixels[i] = colours.background[i % 3]!;
  if (layout.showMark) drawBlock(canvas, block, MARK.block, MARK.angle, colours.mark);
  const background = canvas.pixels.slice();
  return (motion) => {
    canvas.pixels.set(background);
    const [x, y] = [motion.agent[0] + HALF, motion.agent[1] + HALF];
    canvas.disc(x, y, agentRadius, colours.agent);
    canvas.disc(x, y, agentRadius * INSIDE, inside);
    drawBlock(canvas, block, motion.block, motion.angle, colours.block, rim);
    drawWalls(canvas, colours.wall);
    return canvas.frame();
  };
}

function drawBlock(
  canvas: FlatCanvas,
  { boxes }: Block,
  [x, y]: Point,
  angle: number,
  colour: Colour,
  rim?: Colour,
): void {
  const place = {
    origin: [x + HALF, y + HALF],
    cosine: Math.cos(angle),
    sine: Math.sin(angle),
  } as const;
  for (const { x: mx, y: my, halfX, halfY } of boxes) {
    const shape = { ...place, middle: [mx, my], halfX, halfY } as const;
    canvas.rectangle(shape, colour);
    if (rim) canvas.rectangle(shape, rim, RIM);
  }
}

/** Four thin strips. */
function drawWalls(canvas: FlatCanvas, colour: Colour): void {
  const { middle, from, half } = WALL;
  const still = { cosine: 1, sine: 0, middle: [0, 0] } as const;
  const long = from + half;
  for (const off of [-from, from]) {
    canvas.rectangle({ ...still, origin: [middle, middle + off], halfX: long, halfY: half }, colour);
    canvas.rectangle({ ...still, origin: [middle + off, middle], halfX: half, halfY: long - 2 * half }, colour);
  }
}

const shade = (colour: Colour, by: Colour): Colour =>
  colour.map((value, i) => Math.min(255, Math.max(0, value + by[i]!))) as unknown as Colour;
