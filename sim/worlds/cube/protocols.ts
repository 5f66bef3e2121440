import type { Protocol } from '../../world.ts';
import { distance } from './expert.ts';
import { attitudeOf, type CubeState, cubeOf, cubeWorld } from './index.ts';
import { layoutOf } from './layout.ts';

/** The original's success: the cube's middle this near, m. */
const REACHED = 0.04;
/** The strict form wants it nearer, turned alike, and held for so many moments. */
const STRICT = { metres: 0.03, rad: (15 * Math.PI) / 180, held: 3 };
const OFFSET = 25;
const BUDGET = 50;

export const isReached = (a: CubeState, b: CubeState): boolean => distance(cubeOf(a), cubeOf(b)) <= REACHED;

const isPlaced = (a: CubeState, b: CubeState): boolean =>
  distance(cubeOf(a), cubeOf(b)) <= STRICT.metres && turnBetween(attitudeOf(a), attitudeOf(b)) <= STRICT.rad;

type Quaternion = readonly [number, number, number, number];

/** How far one cube is turned against another, over the 24 ways a cube looks the same, rad. */
export function turnBetween(a: Quaternion, b: Quaternion): number {
  const between = times([a[0], -a[1], -a[2], -a[3]], b);
  const nearest = Math.max(
    ...ALIKE.map((turn) => Math.abs(between.reduce((sum, value, i) => sum + value * turn[i]!, 0))),
  );
  return 2 * Math.acos(Math.min(1, nearest / Math.hypot(...between)));
}

const times = ([a, b, c, d]: Quaternion, [e, f, g, h]: Quaternion): Quaternion => [
  a * e - b * f - c * g - d * h,
  a * f + b * e + c * h - d * g,
  a * g - b * h + c * e + d * f,
  a * h + b * g - c * f + d * e,
];

/** The rotations of a cube, as quaternions: by quarters, halves and thirds. */
const ALIKE: readonly Quaternion[] = (() => {
  const turns: Quaternion[] = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ];
  const half = Math.SQRT1_2;
  for (let i = 0; i < 4; i++) {
    for (let j = i + 1; j < 4; j++) {
      for (const sign of [1, -1]) {
        turns.push([0, 1, 2, 3].map((k) => (k === i ? half : k === j ? sign * half : 0)) as unknown as Quaternion);
      }
    }
  }
  for (const x of [0.5, -0.5]) for (const y of [0.5, -0.5]) for (const z of [0.5, -0.5]) turns.push([0.5, x, y, z]);
  return turns;
})();

/** The original's protocol, and CLEAR's two (CLEAR-LeWM 0.5): pairs not solved at the start, evenly over the episodes. */
export function cubeProtocols(): Readonly<Record<string, Protocol<CubeState>>> {
  const historical: Protocol<CubeState> = {
    name: 'historical',
    world: cubeWorld(layoutOf()),
    offset: OFFSET,
    budget: BUDGET,
    eligible: () => true,
    success: (visited, goal) => visited.some((state) => isReached(state, goal)),
  };
  const clear = { ...historical, balanced: true };
  return {
    historical,
    'clear-moderate': {
      ...clear,
      name: 'clear-moderate',
      eligible: (recorded) => !isReached(recorded[0]!, recorded.at(-1)!),
    },
    'clear-strict': {
      ...clear,
      name: 'clear-strict',
      eligible: (recorded) => !isPlaced(recorded[0]!, recorded.at(-1)!),
      success: (visited, goal) =>
        visited.some(
          (_, i) =>
            i + 1 >= STRICT.held && visited.slice(i + 1 - STRICT.held, i + 1).every((state) => isPlaced(state, goal)),
        ),
    },
  };
}
