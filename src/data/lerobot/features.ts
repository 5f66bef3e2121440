import type { DatasetMeta } from '../dataset.ts';
import { numbered } from '../foreign.ts';
import { rowShape } from '../source.ts';
import type { Feature } from './info.ts';

/** Features of a data set of ours as LeRobot names them, and how often their rows come. */
export type Features = {
  readonly fps: number;
  readonly camera: string;
  /** Whether the camera's pictures are in videos. */
  readonly video: boolean;
  readonly all: Readonly<Record<string, Feature>>;
};

/** Columns that every LeRobot data set has. */
export const OWN = {
  timestamp: 'float32',
  frame_index: 'int64',
  episode_index: 'int64',
  index: 'int64',
  task_index: 'int64',
} as const;

export function featuresOf(meta: DatasetMeta, video: boolean): Features {
  const { periodMs, actionSize } = rowShape(meta);
  const { camera } = meta.variations;
  const key = typeof camera === 'string' && camera.startsWith('observation.image') ? camera : 'observation.image';
  const names = ['height', 'width', 'channels'];
  const own = Object.entries(OWN).map(([name, type]): [string, Feature] => [
    name,
    { dtype: type, shape: [1], names: null },
  ]);
  return {
    fps: rounded(1000 / periodMs),
    camera: key,
    video,
    all: {
      [key]: { dtype: video ? 'video' : 'image', shape: [meta.height, meta.width, 3], names },
      'observation.state': { dtype: 'float32', shape: [meta.stateSize], names: stateNames(meta) },
      action: { dtype: 'float32', shape: [actionSize], names: actionNames(meta) },
      ...Object.fromEntries(own),
    },
  };
}

/** A whole number where it is one but for rounding. */
const rounded = (value: number): number => (Math.abs(value - Math.round(value)) < 1e-6 ? Math.round(value) : value);

function stateNames({ variations, stateSize }: DatasetMeta): string[] {
  const { states } = variations;
  return Array.isArray(states) && states.length === stateSize ? states.map(String) : numbered('state', stateSize);
}

/** Where a row has several actions one after the other, `x@0`, `y@0`, `x@1`, ... */
function actionNames({ variations, actionSize, frameEvery }: DatasetMeta): string[] {
  const { axes } = variations;
  const told = Array.isArray(axes) ? axes.map((axis: { name?: unknown }) => String(axis?.name)) : [];
  const names = told.length === actionSize ? told : numbered('action', actionSize);
  if (frameEvery === 1) return names;
  return Array.from({ length: frameEvery }, (_, step) => names.map((name) => `${name}@${step}`)).flat();
}
