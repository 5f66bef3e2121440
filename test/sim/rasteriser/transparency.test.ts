import { describe, expect, it } from 'vitest';
import type { Geom } from '../../../sim/rasteriser/scene.ts';
import { area, draw, geom, pixel, RED } from './drawing.ts';

const wall = geom('box', [0.1, 9, 9], [8, 0, 0], [0, 0.8, 0, 1]);
const pane = (x: number, rgba: readonly number[], half = 1): Geom => geom('box', [0.01, half, half], [x, 0, 0], rgba);

describe('what is not opaque', () => {
  it('is blended with what is behind it', () => {
    const frame = draw([wall, pane(4, [1, 0.5, 0, 0.25])]);
    expect(pixel(frame, 32, 32)).toEqual([64, Math.round(0.25 * 127.5 + 0.75 * 204), 0]);
    expect(pixel(frame, 2, 2)).toEqual([0, 204, 0]);
    const over = draw([pane(4, [1, 0.5, 0, 0.25])]);
    expect(pixel(over, 32, 32)).toEqual([64, 32, 191]); // on the background
  });

  it('is drawn from back to front, in whatever order it is given', () => {
    const [near, far] = [pane(3, [1, 0, 0, 0.5]), pane(5, [0, 0, 1, 0.5])];
    const frame = draw([near, wall, far]);
    expect(pixel(frame, 32, 32)).toEqual([128, 51, 64]);
    expect(draw([far, near, wall]).data).toEqual(frame.data);
    expect(draw([wall, near, far]).data).toEqual(frame.data);
  });

  it('is hidden by what is before it, and hides nothing', () => {
    const before = geom('box', [0.1, 0.5, 0.5], [2, 0, 0], RED);
    const [alone, both] = [draw([wall, before]), draw([wall, before, pane(4, [1, 1, 1, 0.5], 0.9)])];
    expect(both.data).toEqual(alone.data);
    const box = geom('box', [1, 1, 1], [4, 0, 0], RED);
    const cut = draw([pane(4, [1, 1, 1, 0.5], 3), box]); // it goes through the box, and shows beside it only
    expect(area(cut, [255, 0, 0])).toBe(area(draw([box]), [255, 0, 0]));
    expect(area(cut, [128, 128, 255])).toBeGreaterThan(1000);
  });

  it('shines and is checkered like anything else, and is nothing at alpha 0', () => {
    const scene = { ambient: 0.5, lights: [{ direction: [-1, 0, 0] as const, strength: 0.25 }] };
    expect(pixel(draw([wall, pane(4, [1, 0, 0, 0.5])], { scene }), 32, 32)).toEqual([96, 77, 0]); // (191 + 0) / 2, 153 / 2
    expect(draw([wall, pane(4, [1, 0, 0, 0])]).data).toEqual(draw([wall]).data);
    const tiles = {
      ...geom('plane', [0, 0], [0, 0, -1], [1, 0, 0, 0.5]),
      checker: { rgb: [0, 0, 0] as const, cell: 4 },
    };
    const frame = draw([tiles]);
    expect(area(frame, [128, 0, 128])).toBeGreaterThan(200);
    expect(area(frame, [0, 0, 128])).toBeGreaterThan(200);
  });
});
