import { rasteriser } from '../sim/rasteriser/rasteriser.ts';
import type { Camera, Geom, Scene } from '../sim/rasteriser/scene.ts';
import { median, type Row, row, timed } from './row.ts';

/** Goals at two samples a side, pictures/s on one core. */
const GOALS: Readonly<Record<number, number>> = { 64: 1500, 224: 200 };

/** Drawing 24 primitives: a slab, 8 boxes, 8 cylinders and 7 balls that move. */
export async function benchRendering(): Promise<Row[]> {
  const scenes = Array.from({ length: 20 }, (_, i) => sceneAt(i));
  const rows: Row[] = [];
  const measure = async (name: string, times: number, draw: (scene: Scene) => unknown, goal?: number) => {
    const ms = median(
      await timed(7, () => {
        for (let i = 0; i < times; i++) draw(scenes[i % scenes.length]!);
      }),
    );
    const baseline = goal === undefined ? undefined : { name: 'goal', value: goal };
    rows.push(row(`drawing 24 primitives at ${name}, one thread`, (1000 * times) / ms, 'pictures/s', baseline));
  };
  for (const size of [64, 96, 224]) {
    const times = size > 100 ? 100 : 400;
    for (const samples of [1, 2]) {
      const draw = rasteriser({ size, samples });
      const goal = samples === 2 ? GOALS[size] : undefined;
      await measure(`${size} px, ${samples} x ${samples} samples`, times, (scene) => draw(scene, CAMERA), goal);
    }
  }
  return rows;
}

const UPRIGHT = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** From the south-east and above, 46 degrees wide, towards the middle. */
export const CAMERA: Camera = {
  position: [1.3, -1.1, 1],
  rotation: [0.6459422, -0.3409252, 0.683029, 0.7633863, 0.2884752, -0.5779476, 0.0, 0.8947358, 0.4465959],
  fovy: 45.84,
};

export function sceneAt(time: number): Scene {
  const geoms: Geom[] = [
    { shape: 'box', size: [1, 1, 0.02], rgba: [0.5, 0.5, 0.55, 1], position: [0, 0, -0.02], rotation: UPRIGHT },
  ];
  for (let i = 0; i < 8; i++) {
    const turn = (i / 8) * 2 * Math.PI + time * 0.1;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    geoms.push({
      shape: 'box',
      size: [0.06, 0.06, 0.06],
      rgba: [(i % 3) / 2, 0.3 + 0.08 * i, 1 - (i % 4) / 4, 1],
      position: [0.6 * c, 0.6 * s, 0.06],
      rotation: [c, -s, 0, s, c, 0, 0, 0, 1],
    });
  }
  for (let i = 0; i < 8; i++) {
    const turn = (i / 8) * 2 * Math.PI - time * 0.13;
    geoms.push({
      shape: 'cylinder',
      size: [0.05, 0.1],
      rgba: [0.9 - 0.1 * i, 0.2 + 0.05 * i, 0.3, 1],
      position: [0.35 * Math.cos(turn), 0.35 * Math.sin(turn), 0.1],
      rotation: UPRIGHT,
    });
  }
  for (let i = 0; i < 7; i++) {
    geoms.push({
      shape: 'sphere',
      size: [0.06],
      rgba: [0.8, 0.6, 0.2 + 0.1 * i, 1],
      position: [0.02 * i, 0.1 * Math.sin(time * 0.2 + i), 0.1 + 0.08 * i],
      rotation: UPRIGHT,
    });
  }
  return {
    geoms,
    background: [0.7, 0.8, 0.9],
    ambient: 0.35,
    lights: [{ direction: [1.2, 0.8, 2.5], strength: 0.65 }],
  };
}
