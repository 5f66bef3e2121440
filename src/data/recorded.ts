import { z } from 'zod';
import type { RobotConfig } from '../drivers/ros/config.ts';
import type { DatasetMeta } from './dataset.ts';
import { isPlain, type View, viewSchema } from './view.ts';

/** The policy of data sets that were made from recordings of a robot: there is no task to play them in. */
export const RECORDED = 'recorded';

const limits = z.object({ axes: z.array(z.object({ low: z.number(), high: z.number() })).min(1) });

export type RecordedOptions = {
  readonly config: RobotConfig;
  readonly recordings: readonly string[];
  readonly view: View;
  readonly size: number;
  readonly periodMs: number;
};

/** What a data set made from recordings says of itself. */
export function recordedMeta({ config, recordings, view, size, periodMs }: RecordedOptions): DatasetMeta {
  const states = stateNames(config).flat();
  const axes = config.actions.axes.map(({ name, low, high }) => ({ name, low, high }));
  return {
    format: 'premotor-episodes/1',
    task: config.name,
    seed: 0,
    policy: RECORDED,
    variations: {
      recordings: [...recordings],
      camera: view.cameras.join(','),
      axes,
      states,
      ...(isPlain(view) ? {} : { view }),
    },
    width: size,
    height: size,
    frameEvery: 1,
    actionSize: axes.length,
    stateSize: Math.max(1, states.length),
    periodMs,
  };
}

/** What frames of a data set are made of, where they are more than one camera's. */
export function viewOf({ variations }: Pick<DatasetMeta, 'variations'>): View | undefined {
  return viewSchema.safeParse(variations.view).data;
}

/** The limits of actions in a data set made from recordings; `undefined` when it was not. */
export function recordedLimits({ policy, variations, actionSize }: DatasetMeta) {
  if (policy !== RECORDED) return undefined;
  const { data } = limits.safeParse(variations);
  if (data?.axes.length !== actionSize) return undefined;
  return { low: data.axes.map(({ low }) => low), high: data.axes.map(({ high }) => high) };
}

/** What the numbers of a robot's recorded state are called; none when nothing tells it. */
export function stateNames({ odometry, joints }: RobotConfig): string[][] {
  return [...(odometry ? [['x', 'y', 'yaw', 'v', 'w']] : []), ...(joints ? [[...joints.names]] : [])];
}
