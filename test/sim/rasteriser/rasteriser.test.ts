import { describe, expect, it } from 'vitest';
import { rasteriser } from '../../../sim/rasteriser/rasteriser.ts';
import type { Scene } from '../../../sim/rasteriser/scene.ts';
import { ahead, area, draw, GREEN, geom, lit, pixel, RED, UPRIGHT } from './drawing.ts';

describe('the rasteriser', () => {
  it('puts things where perspective has them', () => {
    // The near face, 2 m wide at 4 m, covers a quarter of the 8 m that are seen there.
    const frame = draw([geom('box', [1, 1, 1], [5, 0, 0])]);
    expect(area(frame, [255, 0, 0])).toBe(16 * 16);
    expect(pixel(frame, 24, 24)).toEqual([255, 0, 0]);
    expect(pixel(frame, 23, 24)).toEqual([0, 0, 255]);
    expect(pixel(frame, 39, 39)).toEqual([255, 0, 0]);
    expect(pixel(frame, 40, 39)).toEqual([0, 0, 255]);
  });

  it('knows left from right and up from down', () => {
    const frame = draw([geom('box', [0.5, 0.5, 0.5], [5, 2, 0]), geom('box', [0.5, 0.5, 0.5], [5, 0, 2], GREEN)]);
    expect(pixel(frame, 17, 32)).toEqual([255, 0, 0]); // +y is to the left of +x
    expect(pixel(frame, 32, 17)).toEqual([0, 255, 0]);
  });

  it.each(['sphere', 'ellipsoid', 'cylinder', 'capsule', 'box', 'plane'] as const)(
    'draws the outline of a %s',
    (shape) => {
      const sizes = {
        sphere: [1],
        ellipsoid: [1, 0.5, 1.5],
        cylinder: [1, 1],
        capsule: [0.5, 0.5],
        box: [1, 1, 1],
        plane: [1, 1],
      };
      const from = { ...ahead, position: [-100, 0, 0], fovy: 2 }; // far away: hardly any perspective
      const rotation = shape === 'plane' ? [0, 0, -1, 0, 1, 0, 1, 0, 0] : UPRIGHT;
      const frame = draw([geom(shape, sizes[shape], [0, 0, 0], RED, rotation)], { camera: from, size: 256 });
      const perMetre = 128 / (100 * Math.tan(Math.PI / 180));
      const metres = area(frame, [255, 0, 0]) / perMetre ** 2;
      const wanted = {
        sphere: Math.PI,
        ellipsoid: 0.75 * Math.PI,
        cylinder: 4,
        capsule: 1 + Math.PI / 4,
        box: 4,
        plane: 4,
      }[shape];
      expect(metres).toBeGreaterThan(0.95 * wanted);
      expect(metres).toBeLessThan(1.05 * wanted);
    },
  );

  it('draws small round things with fewer corners, true to size', () => {
    for (const away of [20, 40, 80, 160]) {
      const ball = geom('sphere', [1], [0, 0, 0]);
      const frame = draw([ball], { camera: { ...ahead, position: [-away, 0, 0], fovy: 20 }, size: 64, samples: 8 });
      const covered = frame.data.reduce((sum, value, i) => sum + (i % 3 === 0 ? value / 255 : 0), 0);
      const radius = 32 / (away * Math.tan(Math.PI / 18));
      expect(covered / (Math.PI * radius ** 2)).toBeGreaterThan(0.93);
      expect(covered / (Math.PI * radius ** 2)).toBeLessThan(1.03);
    }
  });

  it('keeps what is nearer, in whatever order it is drawn', () => {
    const [near, far] = [geom('box', [0.1, 0.5, 0.5], [2, 0, 0]), geom('box', [0.1, 2, 2], [4, 0, 0], GREEN)];
    const frame = draw([near, far]);
    expect(draw([far, near]).data).toEqual(frame.data);
    expect(pixel(frame, 32, 32)).toEqual([255, 0, 0]);
    expect(pixel(frame, 20, 32)).toEqual([0, 255, 0]);
  });

  it('cuts things that go through each other where they meet', () => {
    // A plane that leads away crosses a wall at a depth of 4 m: seen halfway between eye level and the picture's edge.
    const floor = geom('plane', [0, 0], [0, 0, -1], GREEN);
    const frame = draw([floor, geom('box', [0.5, 9, 9], [4.5, 0, 0])], { size: 128 });
    expect(pixel(frame, 64, 64 + 14)).toEqual([255, 0, 0]);
    expect(pixel(frame, 64, 64 + 17)).toEqual([0, 255, 0]);
  });

  it('cuts at the near plane: what surrounds the camera is seen only ahead of it', () => {
    const floor = geom('plane', [50, 50], [0, 0, -0.5]);
    const frame = draw([floor]);
    for (const column of [0, 31, 63]) {
      expect(pixel(frame, column, 63)).toEqual([255, 0, 0]);
      expect(pixel(frame, column, 34)).toEqual([255, 0, 0]);
      expect(pixel(frame, column, 31)).toEqual([0, 0, 255]);
    }
    expect(area(frame, [255, 0, 0])).toBeGreaterThan(31 * 64);
    // Beside the camera, and reaching behind it.
    const beside = draw([geom('box', [5, 0.1, 5], [0, 1, 0])]);
    expect(pixel(beside, 5, 32)).toEqual([255, 0, 0]);
    expect(pixel(beside, 40, 32)).toEqual([0, 0, 255]);
  });

  it('draws nothing of what is behind, beside, or looks away', () => {
    const inside = geom('box', [3, 3, 3], [0, 0, 0]); // its faces are seen from within
    const frame = draw([geom('sphere', [1], [-5, 0, 0]), geom('box', [1, 1, 1], [1, 9, 0]), inside]);
    expect(area(frame, [0, 0, 255])).toBe(64 * 64);
  });

  it('lights a face by the angle of the light, and turns the light with the geom', () => {
    const scene = { ambient: 0.25, lights: [{ direction: [-3, 0, 0] as const, strength: 0.5 }] };
    const at = (turn: number) => {
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      const frame = draw([geom('box', [1, 1, 1], [5, 0, 0], RED, [c, -s, 0, s, c, 0, 0, 0, 1])], { scene });
      return pixel(frame, 30, 32)[0]!;
    };
    expect(at(0)).toBe(Math.round(255 * 0.75));
    expect(Math.abs(at(0.5) - 255 * (0.25 + 0.5 * Math.cos(0.5)))).toBeLessThanOrEqual(1);
    const away = draw([geom('box', [1, 1, 1], [5, 0, 0])], {
      scene: { ...scene, lights: [{ direction: [1, 0, 0], strength: 0.5 }] },
    });
    expect(pixel(away, 32, 32)[0]).toBe(Math.round(255 * 0.25));
  });

  it('means its samples at edges only', () => {
    const ball = geom('sphere', [1], [5, 0.11, 0.07]);
    const [plain, smooth] = [draw([ball]), draw([ball], { samples: 4 })];
    expect(pixel(smooth, 32, 32)).toEqual(pixel(plain, 32, 32));
    expect(new Set(plain.data)).toEqual(new Set([0, 255]));
    expect(new Set(smooth.data).size).toBeGreaterThan(8);
  });

  it('paints squares on a plane, and their mean where they are too small to see', () => {
    const floor = { ...geom('plane', [0, 0], [0, 0, -1]), checker: { rgb: [0, 1, 0] as const, cell: 1 } };
    const below = { ...ahead, rotation: UPRIGHT }; // looks down: 2 m are seen
    const near = draw([floor], { camera: below });
    expect(pixel(near, 8, 8)).toEqual(pixel(near, 56, 56));
    expect(pixel(near, 8, 56)).toEqual(pixel(near, 56, 8));
    const seen = [pixel(near, 8, 8), pixel(near, 8, 56)];
    expect(seen).toContainEqual([255, 0, 0]);
    expect(seen).toContainEqual([0, 255, 0]);
    const [red, green] = pixel(draw([floor]), 32, 32); // the horizon
    expect(Math.abs(red! - 128)).toBeLessThan(6);
    expect(Math.abs(green! - 128)).toBeLessThan(6);
  });

  it('leaves no gap between the triangles of a face', () => {
    for (let i = 0; i < 40; i++) {
      const [c, s] = [Math.cos(i), Math.sin(i)];
      const rotation = [0, 0, -1, s, c, 0, c, -s, 0]; // faces the camera, turned by i rad in its plane
      const wall = geom('plane', [9, 9], [4, 0, 0], RED, rotation);
      expect(area(draw([wall]), [255, 0, 0])).toBe(64 * 64);
    }
  });

  it('gives the same bytes for the same scene, and every picture its own', () => {
    const drawn = rasteriser({ size: 64 });
    const scene: Scene = {
      ...lit,
      geoms: [geom('sphere', [1], [4, 0.3, 0.2]), geom('capsule', [0.3, 0.8], [3, -1, 0], GREEN)],
    };
    const first = drawn(scene, ahead);
    const kept = first.data.slice();
    drawn({ ...scene, geoms: [] }, ahead);
    expect(first.data).toEqual(kept);
    expect(drawn(scene, ahead).data).toEqual(kept);
    expect(rasteriser({ size: 64 })(scene, ahead).data).toEqual(kept);
  });

  it('refuses sizes, samples and cameras that cannot be', () => {
    expect(() => rasteriser({ size: 8 })).toThrow(/size must be a whole number in 16..1024, got 8/);
    expect(() => rasteriser({ size: 64, samples: 0 })).toThrow(/samples must be/);
    expect(() => draw([], { camera: { ...ahead, fovy: 180 } })).toThrow(/fovy must be/);
  });
});
