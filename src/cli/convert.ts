import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { episodesFrom, inOrder, type Sample } from '../data/episodes-from-ros.ts';
import { MANIFEST } from '../data/manifest.ts';
import type { LostTail } from '../data/mcap.ts';
import { recordedMeta, stateNames } from '../data/recorded.ts';
import { samplesOf } from '../data/samples.ts';
import { createEpisodeWriter, type EpisodeWriter } from '../data/writer.ts';
import { loadRobotConfig, toActionSpec } from '../drivers/ros/config.ts';
import { type BadMessage, DamagedRecording, UsageError } from '../errors.ts';
import type { ConvertSettings } from './commands/convert.ts';
import { oneOf } from './options.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Makes a data set of recordings, one after the other. */
export async function convert(
  recordings: readonly string[],
  { config: configPath, out, size, camera: asked, maxSteps, ...settings }: ConvertSettings,
  terminal: Terminal,
): Promise<Outcome> {
  const config = await loadRobotConfig(configPath);
  const names = Object.keys(config.cameras);
  const camera = asked ?? names[0]!;
  oneOf('--camera', camera, names);
  if (existsSync(join(out, MANIFEST)))
    throw new UsageError(`${out} holds a data set already`, { hint: 'choose another folder with --out' });

  const periodMs = settings.periodMs ?? config.model.periodMs ?? 100;
  const meta = recordedMeta({ config, recordings: recordings.map((path) => basename(path)), camera, size, periodMs });
  const bad = { count: 0, first: '' };
  const onBad = ({ message }: BadMessage) => {
    if (bad.count++ === 0) bad.first = message;
  };
  const made = { steps: 0, frames: 0, commands: 0 };
  const counted = async function* (samples: AsyncIterable<Sample>): AsyncGenerator<Sample> {
    for await (const sample of samples) {
      if (terminal.signal.aborted) return;
      if (sample.kind === 'frame') made.frames++;
      if (sample.kind === 'command') made.commands++;
      yield sample;
    }
  };
  const bar = terminal.progress('convert', 'recordings');
  let writer: EpisodeWriter | undefined;
  try {
    for (const [done, path] of recordings.entries()) {
      const onLost = ({ bytes }: LostTail) =>
        terminal.say(`note: ${path} was cut off: its last ${bytes} bytes are lost`);
      const samples = samplesOf(path, { config, camera, size, onLost, onBad });
      const { robotTimeoutMs: holdMs } = config.safety;
      const how = { periodMs, rest: toActionSpec(config).rest, stateParts: stateNames(config).length, maxSteps, onBad };
      for await (const episode of episodesFrom(inOrder(counted(samples)), { ...how, ...(holdMs && { holdMs }) })) {
        writer ??= createEpisodeWriter(out, meta); // nothing is made of nothing
        writer.append(episode);
        made.steps += episode.actions.length / meta.actionSize;
      }
      bar.update(done + 1, recordings.length);
      if (terminal.signal.aborted) break;
    }
  } finally {
    writer?.close();
    bar.done();
  }
  if (!writer && !terminal.signal.aborted) {
    throw new DamagedRecording(
      `nothing could be made of ${recordings.join(', ')}: ${made.frames} pictures, ${made.commands} commands`,
      {
        hint:
          bad.count > 0
            ? `${bad.count} messages could not be read: ${bad.first}`
            : 'is every stretch shorter than the period?',
      },
    );
  }
  const episodes = writer?.episodes ?? 0;
  return {
    json: {
      dir: out,
      task: meta.task,
      episodes,
      ...made,
      badMessages: bad.count,
      periodMs,
      size,
      stateSize: meta.stateSize,
    },
    summary: [
      `${episodes} episodes, ${made.steps} steps of ${periodMs} ms, in ${out}`,
      ...(bad.count > 0 ? [`${bad.count} messages could not be read, the first: ${bad.first}`] : []),
      ...(episodes < 2 ? ['training needs two episodes at least: convert more, or cut them with --max-steps'] : []),
    ],
    ok: !terminal.signal.aborted,
  };
}
