import { realClock } from '../clock.ts';
import { readCommand } from '../data/command-message.ts';
import { recordingWriter } from '../data/recording.ts';
import { loadRobotConfig } from '../drivers/ros/config.ts';
import { findRobot } from '../drivers/ros/open-robot.ts';
import { compressionFor, typeName } from '../drivers/ros/version.ts';
import { LinkLost } from '../errors.ts';
import { oneOf } from '../nearest.ts';
import { seeded } from '../random.ts';
import type { RecordSettings } from './commands/record.ts';
import type { Outcome, Terminal } from './verb.ts';

/** Records a robot that someone else drives, until it is told to stop. */
export async function record(settings: RecordSettings, terminal: Terminal): Promise<Outcome> {
  oneOf('--robot', settings.robot, ['ros']);
  const { url, insecure, out, size, duration = Infinity } = settings;
  const config = await loadRobotConfig(settings.config);
  const clock = realClock();
  const robot = await findRobot({ config, url, insecure, clock, random: seeded(Date.now()), wallMs: Date.now, size });
  let writer: ReturnType<typeof recordingWriter> | undefined;
  const counts = { frames: 0, commands: 0, bad: 0 };
  try {
    const broken = robot.discovery.topics.find(({ use, fatal }) => fatal && use.startsWith('camera'));
    if (broken)
      throw new LinkLost(`${broken.use}: ${broken.problem}`, { hint: 'see what is there with premotor run --dry-run' });
    const beganMs = clock.now();
    const header = { timeMs: beganMs, wallMs: Date.now(), robot: config.name, actionNames: robot.actionSpec.names };
    const sink = recordingWriter(out, header, { onFault: ({ message }) => terminal.say(`recording: ${message}`) });
    writer = sink;
    const seen = robot.senses.sights$.subscribe(({ timeMs, frames, proprio }) => {
      counts.frames++;
      for (const [name, frame] of Object.entries(frames)) sink.frame(name, timeMs, frame);
      if (proprio !== undefined) sink.journal({ kind: 'proprio', timeMs, values: proprio });
    });
    const { actions } = config;
    const { version } = robot.discovery;
    const type = robot.discovery.topics.find(({ use }) => use === 'commands')?.type ?? actions.type;
    const compression = compressionFor(type, version, 'none');
    const told = robot.bridge
      .topic({ topic: actions.topic, type: typeName(type, version), compression })
      .subscribe(({ msg, receivedMs }) => {
        try {
          sink.command(receivedMs, readCommand(actions, msg));
          counts.commands++;
        } catch (error) {
          if (counts.bad++ === 0) terminal.say(`a command cannot be read: ${(error as Error).message}`);
        }
      });
    terminal.say(`recording ${config.name} to ${out}; Ctrl-C ends`);
    const bar = terminal.progress('record', 's');
    await new Promise<void>((resolve) => {
      const tick = clock.schedule(function () {
        const seconds = (clock.now() - beganMs) / 1000;
        bar.update(
          Math.min(seconds, duration),
          duration === Infinity ? 0 : duration,
          `${counts.frames} frames, ${counts.commands} commands`,
        );
        if (terminal.signal.aborted || seconds >= duration) {
          tick.unsubscribe();
          resolve();
        } else this.schedule(undefined, 100);
      });
    });
    bar.done();
    seen.unsubscribe();
    told.unsubscribe();
    await sink.close();
    const seconds = (clock.now() - beganMs) / 1000;
    const json = { robot: config.name, out, seconds, ...counts, dropped: sink.dropped };
    return {
      json,
      summary: [
        `${counts.frames} frames and ${counts.commands} commands in ${seconds.toFixed(1)} s, ${sink.dropped} dropped: ${out}`,
      ],
      ok: counts.frames > 0,
    };
  } finally {
    robot.close();
    await writer?.close();
  }
}
