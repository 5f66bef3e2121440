import type { Frame } from '../../src/drivers/driver.ts';
import { type Rasteriser, rasteriser } from '../rasteriser/rasteriser.ts';
import type { Camera, Geom, Scene } from '../rasteriser/scene.ts';
import { type Sensed, type Sensor, sensor } from '../rasteriser/sensor.ts';
import { type SceneOptions, sceneOf } from './scene.ts';
import type { Simulation } from './simulation.ts';

export type EyesOptions = SceneOptions & {
  /** Samples per pixel along each axis. */
  readonly samples?: number;
  /** The model's camera that is meant by `camera`, as drivers call a robot's only one. */
  readonly usual?: string;
};

/** What a model's cameras see in a state. A camera that is not there: `RangeError`. */
export interface Eyes {
  scene(
    simulation: Simulation,
    physics: readonly number[],
  ): { scene: Scene; cameras: Readonly<Record<string, Camera>> };
  /** A square picture of `size` pixels. */
  render(simulation: Simulation, physics: readonly number[], size: number, camera: string): Frame;
  /** Depth and segments of such a picture, with the geoms that the segments count from 1 on. */
  sense(
    simulation: Simulation,
    physics: readonly number[],
    size: number,
    camera: string,
  ): Sensed & { readonly geoms: readonly Geom[] };
}

/** Eyes for one kind of world: its light, and how its geoms look. */
export function eyes({ samples = 2, usual, ...options }: EyesOptions): Eyes {
  const scene = (simulation: Simulation, physics: readonly number[]) => sceneOf(simulation, physics, options);
  const seen = (simulation: Simulation, physics: readonly number[], asked: string) => {
    const { scene: all, cameras } = scene(simulation, physics);
    const name = asked === 'camera' && usual !== undefined ? usual : asked;
    const camera = Object.hasOwn(cameras, name) ? cameras[name] : undefined;
    if (!camera) throw new RangeError(`camera must be one of ${Object.keys(cameras).join(', ')}, got ${name}`);
    return [all, camera] as const;
  };
  return {
    scene,
    render: (simulation, physics, size, camera) =>
      kept(painters, `${size} ${samples}`, () => rasteriser({ size, samples }))(...seen(simulation, physics, camera)),
    sense: (simulation, physics, size, camera) => {
      const [all, from] = seen(simulation, physics, camera);
      return { ...kept(sensors, `${size}`, () => sensor({ size }))(all, from), geoms: all.geoms };
    },
  };
}

// Worlds share these: they keep nothing from one picture to the next but room to work in.
const painters = new Map<string, Rasteriser>();
const sensors = new Map<string, Sensor>();

function kept<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
