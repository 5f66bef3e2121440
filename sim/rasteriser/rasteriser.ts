import type { Frame } from '../../src/drivers/driver.ts';
import { clear, createCanvas, means } from './canvas.ts';
import { fill } from './fill.ts';
import { paint } from './paint.ts';
import type { Camera, Geom, Rgb, Scene } from './scene.ts';
import { shadeOf } from './shade.ts';
import { castShadows } from './shadow.ts';
import { createStage, present, type Stage } from './stage.ts';
import { type View, viewOf } from './view.ts';

export type RasteriserOptions = {
  /** Side of the square pictures, px. */
  readonly size: number;
  /** Samples per pixel along each axis; their mean is the pixel. */
  readonly samples?: number;
};

/** Draws what a camera sees. */
export type Rasteriser = (scene: Scene, camera: Camera) => Frame;

/**
 * Pictures of solid things in plain JavaScript, the same bytes every time: triangles against a depth buffer, cut at the near
 * plane, lit by Lambert's law at their corners, shaded by a map of what the first light sees, if the scene asks for it.
 */
export function rasteriser({ size, samples = 2 }: RasteriserOptions): Rasteriser {
  whole('size', size, 16, 1024);
  whole('samples', samples, 1, 8);
  const canvas = createCanvas(size * samples);
  const stage = createStage();
  const shadows = shadowMaps();
  return (scene, camera) => {
    const { geoms, background, ambient, lights, shadow = 0 } = scene;
    const view = viewOf(camera, canvas.side);
    const shade = shadow > 0 && lights.length > 0 ? shadeOf(shadows(scene, camera, shadow, stage), view) : undefined;
    const lighting = { ambient, lights, suns: new Float64Array(3 * lights.length), apart: shade !== undefined };
    clear(canvas, background);
    const draw = (geom: Geom) => {
      if (!present(stage, view, geom, lighting)) return;
      const { rgba, shape } = geom;
      const rgb: Rgb = [rgba[0]!, rgba[1]!, rgba[2]!];
      const checker = shape === 'plane' ? geom.checker?.rgb : undefined;
      const alpha = rgba[3]!;
      if (alpha >= 1 && !checker && !shade) fill(canvas, stage.prepared, rgb);
      else paint(canvas, stage.prepared, { rgb, alpha: Math.min(1, alpha), checker, shade });
    };
    for (const geom of inOrder(geoms, view)) draw(geom);
    return { width: size, height: size, data: means(canvas, samples) };
  };
}

/** Opaque things first, those with squares last of them: they take long, and may be hidden by then. Then the others, far ones first. */
function inOrder(geoms: readonly Geom[], { camera: { position: eye, rotation: r } }: View): Geom[] {
  const opaque = geoms.filter(({ rgba }) => rgba[3]! >= 1);
  const depth = ({ position: p }: Geom) =>
    r[2]! * (eye[0]! - p[0]!) + r[5]! * (eye[1]! - p[1]!) + r[8]! * (eye[2]! - p[2]!);
  return [
    ...opaque.filter(({ checker }) => !checker),
    ...opaque.filter(({ checker }) => checker),
    ...geoms.filter(({ rgba }) => rgba[3]! > 0 && rgba[3]! < 1).sort((a, b) => depth(b) - depth(a)),
  ];
}

/** Draws maps of shadows, in the same room while their size stays the same. */
function shadowMaps() {
  let heights = new Float64Array();
  return ({ geoms, lights }: Scene, camera: Camera, size: number, { vertices, prepared }: Stage) => {
    whole('shadow', size, 16, 4096);
    if (heights.length !== size * size) heights = new Float64Array(size * size);
    return castShadows(geoms, lights[0]!, camera, heights, size, vertices, prepared);
  };
}

export function whole(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name} must be a whole number in ${low}..${high}, got ${value}`);
}
