import type { Frame } from '../../src/drivers/driver.ts';
import { clip } from './clip.ts';
import { type Canvas, createCanvas, fill } from './fill.ts';
import { type Mesh, meshes } from './meshes.ts';
import type { Camera, Geom, Rgb, Scene, Triangles } from './scene.ts';
import { createVertices, transform, viewOf } from './vertices.ts';

export type RasteriserOptions = {
  /** Side of the square pictures, px. */
  readonly size: number;
  /** Samples per pixel along each axis; their mean is the pixel. */
  readonly samples?: number;
};

/** Draws what a camera sees. */
export type Rasteriser = (scene: Scene, camera: Camera) => Frame;

const MOST_INDICES = 8192;

/**
 * Pictures of primitives in plain JavaScript, the same bytes every time: triangles against a depth buffer, cut at the near
 * plane, lit by Lambert's law at their corners. Opaque; no shadows.
 */
export function rasteriser({ size, samples = 2 }: RasteriserOptions): Rasteriser {
  whole('size', size, 16, 1024);
  whole('samples', samples, 1, 8);
  const canvas = createCanvas(size * samples);
  const vertices = createVertices();
  const cut = new Uint16Array(MOST_INDICES);
  return ({ geoms, background, ambient, lights }, camera) => {
    const view = viewOf(camera, canvas.side);
    clear(canvas, background);
    for (const geom of geoms) {
      const mesh = meshOf(geom);
      const where = transform(view, geom, mesh, lights, vertices);
      if (where === 'outside') continue;
      const [indices, count] =
        where === 'before' ? [mesh.indices, mesh.indices.length] : [cut, clip(view, vertices, mesh.indices, cut)];
      const rgb: Rgb = [geom.rgba[0]!, geom.rgba[1]!, geom.rgba[2]!];
      const checker = geom.shape === 'plane' ? geom.checker?.rgb : undefined;
      fill(canvas, vertices, indices, count, { rgb, checker, ambient });
    }
    return { width: size, height: size, data: means(canvas, size, samples) };
  };
}

/** Made triangles, as a unit mesh. */
const own = new WeakMap<Triangles, Mesh>();

function meshOf({ shape, mesh }: Geom): Mesh {
  if (shape !== 'mesh') return meshes[shape];
  if (!mesh) throw new RangeError('mesh must be given for a geom of that shape, got none');
  const vertexCount = mesh.positions.length / 3;
  const known = own.get(mesh) ?? { ...mesh, vertexCount, ends: new Float32Array(vertexCount) };
  own.set(mesh, known);
  return known;
}

function clear({ colour, nearness }: Canvas, background: Rgb): void {
  nearness.fill(0);
  const [red, green, blue] = background.map((value) => 255 * value) as [number, number, number];
  for (let i = 0; i < colour.length; i += 3) {
    colour[i] = red;
    colour[i + 1] = green;
    colour[i + 2] = blue;
  }
}

/** The mean of each pixel's samples, rounded. */
function means({ colour, side }: Canvas, size: number, samples: number): Uint8Array {
  const picture = new Uint8Array(3 * size * size);
  const share = 1 / (samples * samples);
  const rowLength = 3 * side;
  for (let y = 0, to = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (let j = 0; j < samples; j++) {
        let from = (y * samples + j) * rowLength + 3 * x * samples;
        for (let i = 0; i < samples; i++, from += 3) {
          red += colour[from]!;
          green += colour[from + 1]!;
          blue += colour[from + 2]!;
        }
      }
      picture[to++] = red * share + 0.5;
      picture[to++] = green * share + 0.5;
      picture[to++] = blue * share + 0.5;
    }
  }
  return picture;
}

function whole(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name} must be a whole number in ${low}..${high}, got ${value}`);
}
