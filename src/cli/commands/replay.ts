import { decimal, whole } from '../options.ts';
import { verb, work } from '../verb.ts';

export type ReplaySettings = {
  readonly checkpoint?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly page?: boolean;
  readonly speed?: number;
  readonly port?: number;
  readonly open?: boolean;
};

/** `premotor replay`: run a recorded run again, and compare to the bit. */
export const replayCommand = () => {
  const command = verb({
    name: 'replay',
    summary:
      'think and judge a recorded run again: the same plans, the same commands, to the bit; or show it on the page',
    examples: ['replay drive.mcap', 'replay drive.mcap --json', 'replay drive.mcap --page --speed 2 --open'],
  })
    .argument('<recording>', 'an MCAP file that premotor run --record wrote')
    .option('--checkpoint <dir>', 'the model (default: the one that was driving)')
    .option('--engine <name>', 'what computes; the same as then for the same bits')
    .option('--page', 'show it on the page instead, as it happened')
    .option('--speed <times>', 'so many times as fast', decimal('--speed', { min: 0.01, max: 100 }))
    .option('--port <number>', 'port of the page', whole('--port', { max: 65_535 }))
    .option('--open', 'open the page in a browser')
    .option('--threads <count>', 'threads of the engine', whole('--threads', { min: 1, max: 256 }));
  return command.action((recording: string, settings: ReplaySettings) =>
    work<ReplaySettings>(async (options, terminal) => {
      if (options.page) return (await import('../show-recording.ts')).showRecording(recording, options, terminal);
      const { replayRun } = await import('../replay.ts');
      return replayRun(recording, options, terminal);
    })(settings),
  );
};
