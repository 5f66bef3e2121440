import { whole } from './rasteriser.ts';
import type { Camera, Scene } from './scene.ts';
import { createStage, present } from './stage.ts';
import { columns, type Prepared, RECORD, WIDE } from './triangles.ts';
import { viewOf } from './view.ts';

/** What a depth camera measures in the middle of every pixel, `[size, size]` each. */
export type Sensed = {
  /** Along the view's axis, m; `Infinity` where nothing is. */
  readonly depth: Float32Array;
  /** 1 + the index of the geom that is seen in the scene; 0 where nothing is. */
  readonly segments: Uint16Array;
};

export type Sensor = (scene: Scene, camera: Camera) => Sensed;

/** Measures where a rasteriser draws. What is not opaque is not noticed. */
export function sensor({ size }: { readonly size: number }): Sensor {
  whole('size', size, 16, 1024);
  const nearness = new Float64Array(size * size);
  const stage = createStage();
  return ({ geoms }, camera) => {
    const view = viewOf(camera, size);
    const segments = new Uint16Array(size * size);
    nearness.fill(0);
    for (const [i, geom] of geoms.entries()) {
      if (geom.rgba[3]! >= 1 && present(stage, view, geom)) mark(nearness, segments, size, stage.prepared, i + 1);
    }
    const depth = new Float32Array(size * size);
    for (let i = 0; i < depth.length; i++) depth[i] = 1 / nearness[i]!;
    return { depth, segments };
  };
}

function mark(
  nearness: Float64Array,
  segments: Uint16Array,
  side: number,
  { count, numbers: n }: Prepared,
  name: number,
): void {
  for (let t = 0; t < count * RECORD; t += RECORD) {
    const rows = n[t + 1]! - n[t]!;
    for (let down = 0; down <= rows; down++) {
      const span = columns(n, t, down);
      if (span < 0) continue;
      const first = (span / WIDE) | 0;
      let at = ((n[t]! + down) * side + n[t + 2]! + first) | 0;
      let q = n[t + 16]! + down * n[t + 18]! + first * n[t + 17]!;
      for (let left = (span % WIDE) - first; left >= 0; left--, at++, q += n[t + 17]!) {
        if (q <= nearness[at]!) continue;
        nearness[at] = q;
        segments[at] = name;
      }
    }
  }
}
