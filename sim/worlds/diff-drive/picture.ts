import type { Frame } from '../../../src/drivers/driver.ts';
import type { ModelGeom, Simulation } from '../../mujoco/mujoco.ts';
import { type SceneOptions, sceneOf } from '../../mujoco/scene.ts';
import { rasteriser } from '../../rasteriser/rasteriser.ts';
import type { Layout } from './layout.ts';

/** What one of the model's cameras sees in a state. */
export type Look = (simulation: Simulation, physics: readonly number[], camera: string) => Frame;

/** Light and colours of the room. */
export const scenery = ({ lighting }: Pick<Layout, 'lighting'>): SceneOptions => ({
  background: [0.82 * lighting, 0.86 * lighting, 0.9 * lighting],
  ambient: 0.62 * lighting,
  lights: [
    { direction: [0.5, 0.3, 0.9], strength: 0.36 * lighting },
    { direction: [-0.7, -0.35, 0.4], strength: 0.22 * lighting },
  ],
  look: ({ shape }: ModelGeom) => (shape === 'plane' ? { checker: { rgb: [0.48, 0.43, 0.37], cell: 0.5 } } : {}),
});

/** A painter of the room in square pictures of `size` pixels, 2 x 2 samples each. */
export function lookOf(layout: Layout, size: number): Look {
  const draw = rasteriser({ size, samples: 2 });
  const options = scenery(layout);
  return (simulation, physics, name) => {
    const { scene, cameras } = sceneOf(simulation, physics, options);
    const camera = Object.hasOwn(cameras, name) ? cameras[name] : undefined;
    if (!camera) throw new RangeError(`camera must be one of ${Object.keys(cameras).join(', ')}, got ${name}`);
    return draw(scene, camera);
  };
}
