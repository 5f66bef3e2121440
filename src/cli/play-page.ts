import { policyNames } from '../../sim/play.ts';
import type { Moment, Playground } from '../../sim/playground.ts';
import type { Task, World } from '../../sim/world.ts';
import { PremotorError } from '../errors.ts';
import type { Control } from '../page/control.ts';
import { encodePoses } from '../page/stage.ts';
import type { Phase, Snapshot } from '../page/telemetry.ts';
import { openPage } from './open-page.ts';
import { savePlayed } from './play-save.ts';
import { stageOf } from './play-stage.ts';

export type PlayPageOptions<State> = {
  readonly task: Task<State>;
  readonly world: World<State>;
  readonly size: number;
  readonly camera?: string;
  readonly port?: number;
  readonly seed: number;
  readonly vary?: Record<string, unknown>;
  readonly out: string;
};

/** A live page for a playground. */
export interface PlayPage<State> {
  readonly url: string;
  show(moment: Moment<State>, play: Playground<State> | undefined): void;
  /** Lets people at the page rule the playground. */
  obey(play: Playground<State>): void;
  close(): Promise<void>;
}

/** Pictures in saved episodes, px. */
const SAVED_SIZE = 64;

/** Opens the page on the port asked for, else on a free one. */
export async function playPage<State>(options: PlayPageOptions<State>): Promise<PlayPage<State>> {
  const { task, world, size, seed, vary = {}, out } = options;
  const page = await openPage({ port: options.port });
  const { low, high, names } = world.actionSpec;
  let camera = options.camera;
  let saved = 0;
  let stopped = false;
  let staged = '';
  let last: { moment: Moment<State>; play: Playground<State> | undefined } | undefined;

  const phaseOf = ({ reached }: Moment<State>, play: Playground<State> | undefined): Phase => {
    if (stopped) return 'stopped';
    return reached ? 'reached' : play?.running === false ? 'paused' : 'running';
  };
  const snapshotOf = (moment: Moment<State>, play: Playground<State> | undefined): Snapshot => ({
    timeMs: (moment.episode * task.maxSteps + moment.step) * world.periodMs,
    task: task.name,
    phase: phaseOf(moment, play),
    ...{ goalIndex: moment.episode, goals: 0, reached: 0, reason: '' },
    ...{ distance: null, surprise: null, planMs: null, refinements: null },
    ...{ replansPerSecond: null, frameToCommandMs: null },
    ...{ action: moment.action, low, high, names },
    sim: {
      episode: moment.episode,
      step: moment.step,
      policy: play?.policy ?? '',
      speed: play?.speed ?? 1,
      camera: camera ?? cameras[0]!,
      saved,
    },
  });
  let cameras: readonly string[] = ['camera'];
  const show = (moment: Moment<State>, play: Playground<State> | undefined, log?: string) => {
    last = { moment, play };
    const view = world.view?.(moment.state);
    if (moment.step === 0 || staged === '') {
      const stage = stageOf(task, world, moment.state, policyNames(task));
      cameras = stage.cameras;
      const looks = JSON.stringify(stage);
      if (looks !== staged) page.publishStage(stage); // an episode may look different
      staged = looks;
      page.publishFrame('goal', world.render(moment.goal, size, camera));
    }
    page.publish({ ...snapshotOf(moment, play), log });
    if (view) page.publishPoses(encodePoses(view.scene.geoms));
    page.publishFrame('camera', world.render(moment.state, size, camera));
  };
  const again = (log?: string) => last && show(last.moment, last.play, log);

  const obeyed = (play: Playground<State>, control: Control): string | undefined => {
    const { kind } = control;
    if (kind === 'estop') {
      stopped = true;
      play.pause();
      return 'E-STOP';
    }
    if (kind === 'reset') stopped = false;
    else if (stopped)
      return undefined; // nothing moves before the stop is reset
    else if (kind === 'run') play.run();
    else if (kind === 'pause') play.pause();
    else if (kind === 'step') play.step();
    else if (kind === 'episode') play.reset();
    else if (kind === 'speed') play.setSpeed(control.speed);
    else if (kind === 'policy') play.setPolicy(control.name);
    else if (kind === 'hands') play.hold(control.keys, control.point);
    else if (kind === 'pull') play.pull(control);
    else if (kind === 'release') play.pull(undefined);
    else if (kind === 'camera') camera = cameras.includes(control.name) ? control.name : camera;
    else {
      saved = savePlayed(play.trace, { task, world, seed, variations: vary, size: SAVED_SIZE, dir: out });
      return `saved to ${out}: ${saved} ${saved === 1 ? 'episode' : 'episodes'}`;
    }
    return undefined;
  };
  const obey = (play: Playground<State>) => (control: Control) => {
    try {
      const log = obeyed(play, control);
      if (control.kind !== 'hands' && control.kind !== 'pull') again(log);
    } catch (error) {
      if (!(error instanceof PremotorError || error instanceof RangeError)) throw error;
      again(error.message);
    }
  };
  return {
    url: page.url,
    show: (moment, play) => show(moment, play),
    obey: (play) => {
      page.controls$.subscribe(obey(play));
      page.simControls$.subscribe(obey(play));
      if (last) show(last.moment, play);
    },
    close: () => page.close(),
  };
}
