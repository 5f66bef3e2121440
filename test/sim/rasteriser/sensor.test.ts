import { describe, expect, it } from 'vitest';
import { rasteriser } from '../../../sim/rasteriser/rasteriser.ts';
import type { Geom } from '../../../sim/rasteriser/scene.ts';
import { sensor } from '../../../sim/rasteriser/sensor.ts';
import { ahead, geom, lit, turned } from './drawing.ts';

const SIZE = 64;
const sense = (geoms: readonly Geom[], camera = ahead, size = SIZE) => sensor({ size })({ ...lit, geoms }, camera);
/** The direction of a pixel's ray, of length 1 along the view's axis (+x). */
const ray = (i: number) => {
  const [column, row] = [i % SIZE, Math.floor(i / SIZE)];
  return [1, 1 - (column + 0.5) / (SIZE / 2), 1 - (row + 0.5) / (SIZE / 2)] as const;
};

describe('a sensor', () => {
  it('measures planes and boxes exactly, along the axis of the view', () => {
    const { depth, segments } = sense([geom('plane', [0, 0], [0, 0, -1]), geom('box', [1, 1, 0.5], [6, 0, 0])]);
    for (let i = 0; i < SIZE * SIZE; i++) {
      const [, y, z] = ray(i);
      const onBox = Math.abs(y) * 5 < 1 && Math.abs(z) * 5 < 0.5;
      const wanted = onBox ? 5 : z < 0 && -1 / z < 99 ? -1 / z : Infinity;
      if (wanted < 90) expect(Math.abs(depth[i]! - wanted)).toBeLessThan(1e-5 * wanted);
      expect(segments[i]).toBe(onBox ? 2 : z < 0 ? 1 : 0);
      if (z > 0 && !onBox) expect(depth[i]).toBe(Infinity);
    }
  });

  it('measures a turned box, and round things as true as their facets', () => {
    // A corner of the box points at the camera: its depth is that of two planes.
    const { depth: corner } = sense([geom('box', [1, 1, 9], [4, 0, 0], undefined, turned(0, Math.PI / 4))]);
    const { depth: ball, segments } = sense([geom('sphere', [1], [4, 0, 0])]);
    for (let i = 0; i < SIZE * SIZE; i++) {
      const [, y, z] = ray(i);
      // x = 4 - sqrt(2) + |y| along t (1, y, z)
      const face = (4 - Math.SQRT2) / (1 - Math.abs(y));
      if (Number.isFinite(corner[i]!)) expect(Math.abs(corner[i]! - face)).toBeLessThan(1e-5);
      // |t (1, y, z) - (4, 0, 0)| = 1
      const a = 1 + y * y + z * z;
      const root = 16 - a * 15;
      if (root > 0.8) expect(Math.abs(ball[i]! - (4 - Math.sqrt(root)) / a)).toBeLessThan(0.03);
      if (root < -0.01) expect(segments[i]).toBe(0);
    }
    expect(segments.filter((name) => name === 1).length).toBeGreaterThan(150);
  });

  it('names what a picture shows', () => {
    const colours = [
      [1, 0, 0, 1],
      [0, 1, 0, 1],
      [1, 1, 0, 1],
      [0, 1, 1, 1],
      [1, 0, 1, 1],
    ] as const;
    const shapes = ['box', 'sphere', 'cylinder', 'capsule', 'ellipsoid'] as const;
    const geoms = shapes.map((shape, i) =>
      geom(shape, [0.4, 0.5, 0.3], [3 + 0.2 * i, i * 0.5 - 1, 0.4 * (i % 3) - 0.5], colours[i]!, turned(i, 2 * i)),
    );
    const { data } = rasteriser({ size: SIZE, samples: 1 })({ ...lit, geoms }, ahead);
    const { depth, segments } = sense(geoms);
    for (const [i, name] of segments.entries()) {
      const wanted = name === 0 ? [0, 0, 255] : colours[name - 1]!.slice(0, 3).map((value) => 255 * value);
      expect([...data.subarray(3 * i, 3 * i + 3)]).toEqual(wanted);
      expect(Number.isFinite(depth[i]!)).toBe(name > 0);
    }
    expect(new Set(segments).size).toBe(6);
  });

  it('looks through what is not opaque, and gives every measurement its own arrays', () => {
    const [glass, wall] = [geom('box', [0.1, 1, 1], [2, 0, 0], [1, 1, 1, 0.5]), geom('box', [1, 9, 9], [5, 0, 0])];
    const measure = sensor({ size: 32 });
    const first = measure({ ...lit, geoms: [glass, wall] }, ahead);
    const kept = { depth: first.depth.slice(), segments: first.segments.slice() };
    expect(first.depth[500]).toBeCloseTo(4, 5);
    expect(first.segments[500]).toBe(2);
    measure({ ...lit, geoms: [] }, ahead);
    expect(first).toEqual(kept);
    expect(measure({ ...lit, geoms: [glass, wall] }, ahead)).toEqual(kept);
    expect(() => sensor({ size: 3 })).toThrow(/size must be/);
  });
});
