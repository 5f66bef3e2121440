import type { CommandLink, Publication } from './command-link.ts';
import type { RobotConfig } from './config.ts';
import { type Diagnosis, diagnostics, float32, type Line, markers, path } from './messages/beliefs.ts';
import type { RosVersion } from './version.ts';

/** Imagined ways, each `[x0, y0, x1, y1, ...]` in the picture: `[0, 1]`, from the left and from the top. */
export type ImaginedPaths = {
  readonly candidates: readonly (readonly number[])[];
  readonly elites: readonly (readonly number[])[];
  readonly best: readonly number[];
};

export type TellOptions = {
  readonly link: CommandLink;
  readonly beliefs: RobotConfig['beliefs'];
  readonly version: RosVersion;
  /** Now, by the robot's clock, ms. */
  readonly robotTime: () => number;
};

/** What a mind believes, for ROS: sent where nothing waits before it, else dropped. Places are parts of the picture's width. */
export interface Tell {
  thought(thought: { readonly distance: number; readonly paths: ImaginedPaths | undefined }): void;
  diagnose(all: readonly Diagnosis[]): void;
}

export function tell({ link, beliefs, version, robotTime }: TellOptions): Tell {
  const say = (topic: string | false | undefined, make: () => object | undefined) => {
    if (!topic) return;
    const msg = make();
    if (msg !== undefined) link.publish({ topic, msg } satisfies Publication);
  };
  const head = () => ({ timeMs: robotTime(), frameId: beliefs.frame, version });
  return {
    thought({ distance, paths }) {
      say(beliefs.distance, () => float32(distance));
      if (paths === undefined) return;
      say(beliefs.path, () => path(lineOf(paths.best), head()));
      say(beliefs.markers, () => {
        const all = { candidates: paths.candidates.map(lineOf), elites: paths.elites.map(lineOf) };
        return markers({ ...all, best: lineOf(paths.best) }, { ...head(), everyLine: 1, everyPoint: 1 });
      });
    },
    diagnose: (all) => say(beliefs.diagnostics, () => diagnostics(all, robotTime(), version)),
  };
}

/** ROS counts up from below, pictures from the top. */
const lineOf = (flat: readonly number[]): Line =>
  Array.from({ length: flat.length >> 1 }, (_, i) => ({ x: flat[2 * i]!, y: 1 - flat[2 * i + 1]! }));
