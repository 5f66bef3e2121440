import { expect, it } from 'vitest';
import { inOneView, viewSchema } from '../../src/data/view.ts';
import type { Frame } from '../../src/drivers/driver.ts';

const plain = (value: number, size = 8): Frame => ({
  width: size,
  height: size,
  data: new Uint8Array(size * size * 3).fill(value),
});
const pixel = ({ width, data }: Frame, x: number, y: number) => data[3 * (y * width + x)]!;
const gauges = [
  { name: 'elbow', index: 1, low: -1, high: 1 },
  { name: 'grip', index: 0, low: 0, high: 10 },
];

it('puts cameras side by side, and what is measured beside them', () => {
  const view = inOneView({ cameras: ['front', 'wrist'], gauges, stateSize: 2 }, 16);
  const seen = view({ frames: { wrist: plain(90), front: plain(30) }, proprio: [2.5, 0] })!;
  expect([seen.width, seen.height]).toEqual([16, 16]);
  expect([pixel(seen, 0, 0), pixel(seen, 7, 7), pixel(seen, 8, 0), pixel(seen, 15, 7)]).toEqual([30, 30, 90, 90]);
  const bar = (y: number) => [0, 1, 2, 3, 4, 5, 6, 7].map((x) => pixel(seen, x, y));
  expect(bar(8)).toEqual([255, 255, 255, 255, 40, 40, 40, 40]); // the elbow is half way
  expect(bar(12)).toEqual([255, 255, 40, 40, 40, 40, 40, 40]); // the grip a quarter
  expect(bar(11)).toEqual(new Array(8).fill(0)); // between the bars
  expect(pixel(seen, 12, 12)).toBe(0); // no fourth tile
});

it('leaves one camera alone as it is, whatever its size', () => {
  const view = inOneView({ cameras: ['front'], gauges: [], stateSize: 0 }, 16);
  expect(view({ frames: { front: plain(30, 16) } })).toEqual(plain(30, 16));
  expect(view({ frames: { front: plain(30, 32) } })).toEqual(plain(30, 16));
});

it('shows nothing where a part is missing or no number', () => {
  const view = inOneView({ cameras: ['front', 'wrist'], gauges, stateSize: 2 }, 16);
  const frames = { front: plain(1), wrist: plain(2) };
  expect(view({ frames: { front: plain(1) }, proprio: [0, 0] })).toBeUndefined();
  expect(view({ frames, proprio: [0] })).toBeUndefined();
  expect(view({ frames })).toBeUndefined();
  expect(view({ frames, proprio: [Number.NaN, 0] })).toBeUndefined();
  expect(view({ frames, proprio: [99, -99] })).toBeDefined(); // a full bar, and an empty one
});

it('has room for four tiles', () => {
  const cameras = ['a', 'b', 'c', 'd'];
  expect(viewSchema.safeParse({ cameras, gauges: [], stateSize: 0 }).success).toBe(true);
  expect(viewSchema.safeParse({ cameras, gauges, stateSize: 2 }).success).toBe(false);
});
