import { describe, expect, it } from 'vitest';
import { rasteriser } from '../../../sim/rasteriser/rasteriser.ts';
import type { Geom, Scene } from '../../../sim/rasteriser/scene.ts';
import { ahead, down, draw, geom, lit, pixel, turned } from './drawing.ts';

const GREY = [0.8, 0.8, 0.8, 1];
const floor = geom('plane', [0, 0], [0, 0, 0], GREY);
const sunny: Partial<Scene> = { ambient: 0.25, lights: [{ direction: [1, 0, 1], strength: 0.75 }], shadow: 256 };
const SHADED = Math.round(255 * 0.8 * 0.25);
const LIGHT = Math.round(255 * 0.8 * (0.25 + 0.75 * Math.SQRT1_2));
/** The column and row over a place of the floor, from 4 m up with 128 px for 8 m. */
const over = (x: number, y: number) => [Math.floor(64 + 16 * x), Math.floor(64 - 16 * y)] as const;

describe('shadows', () => {
  it('fall where the light says', () => {
    // Light from +x, 45 degrees up: a box between 1 and 1.5 m high shades the floor 1 to 1.5 m further in -x.
    const box = geom('box', [0.5, 0.5, 0.25], [0, 0, 1.25], GREY);
    const frame = draw([floor, box], { camera: down, size: 128, scene: sunny });
    for (const x of [-1.9, -1.5, -1.1])
      for (const y of [-0.4, 0, 0.4]) expect(pixel(frame, ...over(x, y))[0]).toBe(SHADED);
    for (const [x, y] of [
      [-2.15, 0],
      [-1.5, 0.6],
      [-1.5, -0.6],
      [2, 0],
      [-3, 2],
    ] as const) {
      expect(pixel(frame, ...over(x, y))[0]).toBe(LIGHT);
    }
    const shaded = frame.data.filter((value, i) => i % 3 === 0 && value === SHADED).length;
    expect(shaded / 16 ** 2).toBeGreaterThan(0.9); // 1.5 m2, less what the box hides
    expect(shaded / 16 ** 2).toBeLessThan(1.5);
  });

  it('fall on other things, and dim the first light only', () => {
    const [plate, block] = [
      geom('box', [0.5, 0.5, 0.05], [1.5, 0, 2.5], GREY),
      geom('box', [1, 1, 0.5], [0, 0, 0.5], GREY),
    ];
    const lights = [...sunny.lights!, { direction: [0, 0, 1] as const, strength: 0.1 }];
    const frame = draw([plate, floor, block], { camera: down, size: 128, scene: { ...sunny, lights } });
    expect(pixel(frame, 64, 64)[0]).toBe(Math.round(255 * 0.8 * (0.25 + 0.1)));
    expect(pixel(frame, ...over(-0.95, 0.95))[0]).toBe(Math.round(255 * 0.8 * (0.35 + 0.75 * Math.SQRT1_2)));
  });

  it('leave no speckles: what nothing shades is as without them', () => {
    const things: Geom[] = [
      geom('box', [0.6, 0.4, 0.5], [3, 0, 0], GREY, turned(0.3, 0.7)),
      geom('sphere', [0.7], [3, 0, 0], GREY),
      geom('cylinder', [0.5, 0.6], [3, 0, 0], GREY, turned(0.5, 0.2)),
      geom('capsule', [0.4, 0.5], [3, 0, 0], GREY, turned(1.2, 0.2)),
      geom('ellipsoid', [0.3, 0.6, 0.9], [3, 0, 0], GREY, turned(0.9, 0.4)),
      floor,
    ];
    for (const direction of [
      [-1, 0.4, 0.9],
      [-1, 2, 0.3],
      [0, 0, 1],
      [0.3, -1, 0.1],
    ] as const) {
      for (const thing of things) {
        const scene = { ...sunny, lights: [{ direction, strength: 0.75 }] };
        const camera = { ...ahead, position: [0, 0, 0.4] };
        const [with_, without] = [64, 0].map((shadow) =>
          draw([thing], { camera, size: 96, scene: { ...scene, shadow } }),
        );
        const off = with_!.data.map((value, i) => Math.abs(value - without!.data[i]!));
        // Round things: a little where the last light falls on them.
        const [most, share] = thing.shape === 'box' || thing.shape === 'plane' ? [1, 0] : [20, 0.003];
        expect(Math.max(...off)).toBeLessThanOrEqual(most);
        expect(off.filter((value) => value > 2).length).toBeLessThanOrEqual(share * off.length);
      }
    }
  });

  it('join the foot of what stands on the floor', () => {
    const box = geom('box', [0.5, 0.5, 0.5], [0, 0, 0.5], GREY);
    const low = { position: [-3, 0, 1.2], rotation: ahead.rotation, fovy: 60 };
    const frame = draw([floor, box], { camera: low, size: 256, scene: { ...sunny, shadow: 512 } });
    // Down the middle column: sky, box (its back is dark), shadow; nothing bright between box and shadow.
    const column = Array.from({ length: 256 }, (_, row) => pixel(frame, 128, row));
    const first = column.findIndex(([r, , b]) => r === b && r === SHADED);
    const last = column.findLastIndex(([r, , b]) => r === b && r === SHADED);
    expect(column.slice(first, last).every(([r]) => r === SHADED)).toBe(true);
    expect(last - first).toBeGreaterThan(60);
  });

  it('are not cast by what light shines through, nor by planes', () => {
    const glass = geom('box', [0.5, 0.5, 0.25], [0, 0, 1.25], [1, 1, 1, 0.5]);
    const roof = geom('plane', [1, 1], [0, 0, 2], GREY, [1, 0, 0, 0, -1, 0, 0, 0, -1]);
    const frame = draw([floor, glass, roof], { camera: down, size: 128, scene: sunny });
    expect(pixel(frame, ...over(-1.5, 0))[0]).toBe(LIGHT);
  });

  it('are the same bytes every time, and none unless asked for', () => {
    const geoms = [floor, geom('box', [0.5, 0.5, 0.5], [0, 0, 0.5]), geom('capsule', [0.2, 0.4], [1, 1, 0.6], GREY)];
    const scene: Scene = { ...lit, ...sunny, geoms } as Scene;
    const drawn = rasteriser({ size: 64 });
    const first = drawn(scene, down).data;
    drawn({ ...scene, geoms: geoms.slice(0, 1), shadow: 64 }, ahead);
    expect(drawn(scene, down).data).toEqual(first);
    const { shadow: _, ...plain } = scene;
    expect(drawn({ ...scene, shadow: 0 }, down).data).toEqual(drawn(plain, down).data);
    expect(drawn(plain, down).data).not.toEqual(first);
    expect(() => drawn({ ...scene, shadow: 7.5 }, down)).toThrow(/shadow must be a whole number in 16..4096, got 7.5/);
  });
});
