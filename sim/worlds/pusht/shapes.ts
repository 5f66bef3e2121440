/** A rectangle of a block in its own frame: middle and half-sizes. */
export type Box = { readonly x: number; readonly y: number; readonly halfX: number; readonly halfY: number };
export type Point = readonly [x: number, y: number];

/** A block made of boxes; lengths in px. Its reported position is the origin of its frame. */
export type Block = {
  readonly boxes: readonly Box[];
  /** Where it would balance, and its moment of inertia about that place at a mass of 1. */
  readonly centre: Point;
  readonly moment: number;
  /** From the centre to the farthest corner. */
  readonly reach: number;
};

const box = (x: number, y: number, halfX: number, halfY: number): Box => ({ x, y, halfX, halfY });

/** The forms that stable-worldmodel offers, in units of the scale; each stands on the middle of its upper edge. */
const FORMS = {
  T: [box(0, 0.5, 2, 0.5), box(0, 2.5, 0.5, 1.5)],
  L: [box(0, 2, 0.5, 2), box(1.25, 3.5, 0.75, 0.5)],
  Z: [box(-1, 0.5, 1.5, 0.5), box(1, 1.5, 1.5, 0.5)],
  I: [box(0, 2, 0.5, 2)],
  square: [box(0, 1, 1, 1)],
  plus: [box(0, 2, 2, 0.5), box(0, 2, 0.5, 2)],
  'small-T': [box(0, 0.35, 1.4, 0.35), box(0, 1.75, 0.35, 1.05)],
} as const;
export type Form = keyof typeof FORMS;
export const forms = Object.keys(FORMS) as [Form, ...Form[]];

/**
 * A block of a form and a scale, px. As in the original, mass 1 with the mean of the boxes' middles as its centre, and a
 * moment that counts every box with mass 1 about the origin; for the T the bar twice.
 */
export function blockOf(form: Form, scale: number): Block {
  const boxes = FORMS[form].map(({ x, y, halfX, halfY }) => box(x * scale, y * scale, halfX * scale, halfY * scale));
  const centre: Point = [mean(boxes.map(({ x }) => x)), mean(boxes.map(({ y }) => y))];
  const counted = form === 'T' ? boxes.map(() => boxes[0]!) : boxes;
  const moment = counted.reduce(
    (sum, { x, y, halfX, halfY }) => sum + (halfX * halfX + halfY * halfY) / 3 + x * x + y * y,
    0,
  );
  const corners = boxes.flatMap(cornersOf);
  const reach = Math.max(...corners.map(([x, y]) => Math.hypot(x - centre[0], y - centre[1])));
  return { boxes, centre, moment, reach };
}

/** Clockwise on the screen, from the upper left. */
export const cornersOf = ({ x, y, halfX, halfY }: Box): Point[] => [
  [x - halfX, y - halfY],
  [x + halfX, y - halfY],
  [x + halfX, y + halfY],
  [x - halfX, y + halfY],
];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
