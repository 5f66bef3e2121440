import type { Camera, Geom, Scene } from '../rasteriser/scene.ts';
import type { ModelGeom, Simulation } from './mujoco.ts';

export type SceneOptions = Omit<Scene, 'geoms'> & {
  /** What a geom looks like beyond its colour. */
  readonly look?: (geom: ModelGeom) => Partial<Pick<Geom, 'checker'>>;
};

/** Geoms of this group and higher are for contacts only, and not drawn. */
export const UNSEEN_GROUP = 3;

/** What the cameras of a model would see in a state. */
export function sceneOf(
  simulation: Simulation,
  state: readonly number[],
  { look, ...scene }: SceneOptions,
): { readonly scene: Scene; readonly cameras: Readonly<Record<string, Camera>> } {
  const { geomPositions, geomRotations, cameraPositions, cameraRotations } = simulation.places(state);
  const geoms: Geom[] = [];
  for (const [i, geom] of simulation.geoms.entries()) {
    if (geom.group >= UNSEEN_GROUP || geom.rgba[3] === 0) continue;
    const { shape, size, rgba, mesh } = geom;
    const rest = { ...(geom.movable && { body: geom.body }), ...(mesh && { mesh }) };
    geoms.push({ shape, size, rgba, ...at(geomPositions, geomRotations, i), ...rest, ...look?.(geom) });
  }
  const cameras = Object.fromEntries(
    simulation.cameras.map(({ name, fovy }, i) => [name, { fovy, ...at(cameraPositions, cameraRotations, i) }]),
  );
  return { scene: { ...scene, geoms }, cameras };
}

/** Copies: the views live only until the next call. */
const at = (positions: Float64Array, rotations: Float64Array, i: number) => ({
  position: positions.slice(3 * i, 3 * i + 3),
  rotation: rotations.slice(9 * i, 9 * i + 9),
});
