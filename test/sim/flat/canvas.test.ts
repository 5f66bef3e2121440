import { describe, expect, it } from 'vitest';
import { flatCanvas } from '../../../sim/flat/canvas.ts';

/** How much of the picture is painted, in units of the world squared. */
const painted = (draw: (canvas: ReturnType<typeof flatCanvas>) => void, size = 128, side = 64) => {
  const canvas = flatCanvas(size, side);
  draw(canvas);
  return canvas.pixels.filter((_, i) => i % 3 === 0).reduce((sum, red) => sum + red / 200, 0) * (side / size) ** 2;
};
const white = [200, 200, 200] as const;

describe('a flat canvas', () => {
  it('paints the area of what it draws, however it lies', () => {
    for (const [angle, x, y] of [
      [0, 30, 31],
      [0.4, 33.3, 30.2],
      [2.1, 28.9, 35.5],
    ] as const) {
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const shape = { origin: [x, y], cosine, sine, middle: [3, -2], halfX: 12, halfY: 7 } as const;
      expect(painted((canvas) => canvas.rectangle(shape, white))).toBeCloseTo(4 * 12 * 7, 0);
      const rim = painted((canvas) => canvas.rectangle(shape, white, 1));
      expect(Math.abs(rim - 2 * (4 * 19 + Math.PI / 4) + 4 * 0.5)).toBeLessThan(3);
      expect(painted((canvas) => canvas.disc(x, y, 9, white))).toBeCloseTo(Math.PI * 81, 0);
    }
  });

  it('keeps inside the picture', () => {
    expect(painted((canvas) => canvas.disc(0, 0, 10, white))).toBeCloseTo((Math.PI * 100) / 4, 0);
    expect(painted((canvas) => canvas.disc(-50, 90, 10, white))).toBe(0);
  });

  it('gives every frame its own bytes, rounded', () => {
    const canvas = flatCanvas(16, 16);
    const before = canvas.frame();
    canvas.pixels.fill(10.6);
    expect(canvas.frame().data[5]).toBe(11);
    expect(before.data[5]).toBe(0);
    expect(() => flatCanvas(15.5, 16)).toThrow('size must be a whole number of pixels in 16..1024, got 15.5');
  });
});
