import { episodesSource } from '../data/episodes-source.ts';
import type { ForeignOptions } from '../data/foreign.ts';
import { hdf5Source } from '../data/hdf5/read.ts';
import { type Kind, kindOf } from '../data/kind.ts';
import { lerobotSource } from '../data/lerobot/read.ts';
import { stateNames } from '../data/recorded.ts';
import { recordingsSource } from '../data/recordings-source.ts';
import type { Source } from '../data/source.ts';
import { type View, viewSchema } from '../data/view.ts';
import { loadRobotConfig, type RobotConfig } from '../drivers/ros/config.ts';
import { type BadMessage, UsageError } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import type { ConvertSettings } from './commands/convert.ts';
import type { Progress } from './progress.ts';
import type { Terminal } from './verb.ts';

/** What is to be converted, and what reading it has come upon so far. */
export type Input = {
  readonly kind: Kind;
  readonly source: Source;
  /** Of recordings. */
  readonly read: { frames: number; commands: number; badMessages: number; firstBad: string };
};

const SIZE = 64;
const MAX_STEPS = 100;

/** Opens what the command line names, by what it is. Throws `UsageError` for options that do not fit it. */
export async function openInput(
  inputs: readonly string[],
  settings: ConvertSettings,
  terminal: Terminal,
  bar: Progress,
): Promise<Input> {
  const found = await Promise.all(inputs.map(kindOf));
  const { kind, path } = found[0]!;
  if (found.length > 1 && found.some((each) => each.kind !== 'recording'))
    throw new UsageError(`only recordings can be joined, got ${inputs.length} inputs`, {
      hint: 'convert them one by one',
    });
  checkOptions(kind, settings);
  const read = { frames: 0, commands: 0, badMessages: 0, firstBad: '' };
  if (kind === 'recording') return { kind, source: await recordings(inputs, settings, terminal, bar, read), read };
  if (kind === 'episodes') return { kind, source: await episodesSource(path), read };
  const options = foreignOptions(settings);
  return { kind, source: await (kind === 'hdf5' ? hdf5Source : lerobotSource)(path, options), read };
}

async function recordings(
  paths: readonly string[],
  settings: ConvertSettings,
  terminal: Terminal,
  bar: Progress,
  read: Input['read'],
): Promise<Source> {
  if (settings.config === undefined) {
    throw new UsageError('--config must be given for recordings', {
      hint: 'the configuration of the robot says which topics are camera, commands, odometry and joints: see docs/ros.md',
    });
  }
  const config = await loadRobotConfig(settings.config);
  const view = viewFrom(settings, config);
  return recordingsSource(paths, {
    config,
    view,
    size: settings.size ?? SIZE,
    periodMs: settings.periodMs ?? config.model.periodMs ?? 100,
    maxSteps: settings.maxSteps ?? MAX_STEPS,
    signal: terminal.signal,
    onSample: (kind) => {
      if (kind === 'frame') read.frames++;
      if (kind === 'command') read.commands++;
    },
    onRecording: (done) => bar.update(done, paths.length),
    onLost: (path, { bytes }) => terminal.say(`note: ${path} was cut off: its last ${bytes} bytes are lost`),
    onBad: ({ message }: BadMessage) => {
      if (read.badMessages++ === 0) read.firstBad = message;
    },
  });
}

/** Which cameras, and which numbers of the state beside them. */
function viewFrom({ camera, gauge = [] }: ConvertSettings, config: RobotConfig): View {
  const names = Object.keys(config.cameras);
  const cameras = camera?.split(',').map((name) => name.trim()) ?? names.slice(0, 1);
  for (const name of cameras) oneOf('--camera', name, names);
  const states = stateNames(config).flat();
  for (const { name } of gauge) oneOf('--gauge', name, states);
  const gauges = gauge.map(({ name, ...bounds }) => ({ name, index: states.indexOf(name), ...bounds }));
  const { data, error } = viewSchema.safeParse({ cameras, gauges, stateSize: states.length });
  if (data) return data;
  throw new UsageError(`a picture has room for four tiles, got ${cameras.length} cameras and ${gauges.length} gauges`, {
    cause: error,
    hint: 'all gauges together take one tile',
  });
}

function foreignOptions({ size = SIZE, crop, ...settings }: ConvertSettings): ForeignOptions {
  const { camera, state, frameEvery, maxSteps, task, periodMs } = settings;
  return {
    size,
    crop: crop ? 'centre' : 'fit',
    ...(camera !== undefined && { camera }),
    ...(state !== undefined && { state }),
    ...(frameEvery !== undefined && { frameEvery }),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(task !== undefined && { task }),
    ...(periodMs !== undefined && { periodMs }),
  };
}

const foreign = ['camera', 'state', 'size', 'crop', 'frameEvery', 'maxSteps', 'periodMs', 'task'] as const;
const fitting: Readonly<Record<Kind, readonly (keyof ConvertSettings)[]>> = {
  recording: ['config', 'camera', 'gauge', 'size', 'periodMs', 'maxSteps'],
  hdf5: foreign,
  lerobot: foreign,
  episodes: [],
};

/** An option that would be passed over is a mistake. */
function checkOptions(kind: Kind, settings: ConvertSettings): void {
  for (const name of ['config', 'gauge', ...foreign] as const) {
    if (settings[name] === undefined || fitting[kind].includes(name)) continue;
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const kinds = {
      recording: 'recordings',
      hdf5: 'an HDF5 file',
      lerobot: 'a LeRobot data set',
      episodes: 'a data set of ours',
    };
    throw new UsageError(`${option} does not go with ${kinds[kind]}`);
  }
}
