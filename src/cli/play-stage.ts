import { MANUAL } from '../../sim/playground.ts';
import type { Geom } from '../../sim/rasteriser/scene.ts';
import type { Task, World } from '../../sim/world.ts';
import type { Stage, StageGeom, Triple } from '../page/stage.ts';

/** What the page is told of a world in a state. */
export function stageOf<State>(
  task: Task<State>,
  world: World<State>,
  state: State,
  policies: readonly string[],
): Stage {
  const view = world.view?.(state);
  return {
    policies: [...policies, MANUAL],
    keys: Object.entries(task.keys ?? {}).map(([code, { does }]) => ({ code, does })),
    cameras: ['camera', ...Object.keys(view?.cameras ?? {})], // the usual one first
    points: task.toward !== undefined,
    pulls: world.pull !== undefined,
    ...(view && { solid: { ...solidOf(view.scene), eye: eyeOf(view.scene.geoms) } }),
  };
}

type Scene = NonNullable<ReturnType<NonNullable<World<unknown>['view']>>>['scene'];

const solidOf = ({ geoms, background, ambient, lights }: Scene) => ({
  geoms: geoms.map(
    ({ shape, size, rgba, body, checker, mesh }): StageGeom => ({
      shape,
      size: Array.from(size),
      rgba: Array.from(rgba),
      ...(body !== undefined && { body }),
      ...(checker && { checker }),
      ...(mesh && { mesh: { positions: Array.from(mesh.positions), indices: Array.from(mesh.indices) } }),
    }),
  ),
  background,
  ambient,
  lights,
});

/** A place from which everything is seen, from the south and from above. */
function eyeOf(geoms: readonly Geom[]) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { shape, size, position } of geoms) {
    if (shape === 'plane' && !(size[0]! > 0)) continue; // without end
    for (const axis of [0, 1, 2]) {
      low[axis] = Math.min(low[axis]!, position[axis]!);
      high[axis] = Math.max(high[axis]!, position[axis]!);
    }
  }
  const middle = low.map((value, axis) => (Number.isFinite(value) ? (value + high[axis]!) / 2 : 0));
  const span = Math.max(0.3, ...low.map((value, axis) => (Number.isFinite(value) ? high[axis]! - value : 0)));
  const [x, y, z] = middle as unknown as Triple;
  const position: Triple = [x, y - 1.1 * span, z + 1.1 * span];
  return { position, towards: [x, y, z] as Triple, up: [0, 0, 1] as Triple, fovy: 45 };
}
