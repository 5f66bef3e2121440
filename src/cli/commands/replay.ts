import { whole } from '../options.ts';
import { verb, work } from '../verb.ts';

export type ReplaySettings = { readonly checkpoint?: string; readonly engine?: string; readonly threads?: number };

/** `premotor replay`: run a recorded run again, and compare to the bit. */
export const replayCommand = () => {
  const command = verb({
    name: 'replay',
    summary: 'think and judge a recorded run again: the same plans, the same commands, to the bit',
    examples: ['replay drive.mcap', 'replay drive.mcap --json'],
  })
    .argument('<recording>', 'an MCAP file that premotor run --record wrote')
    .option('--checkpoint <dir>', 'the model (default: the one that was driving)')
    .option('--engine <name>', 'what computes; the same as then for the same bits')
    .option('--threads <count>', 'threads of the engine', whole('--threads', { min: 1, max: 256 }));
  return command.action((recording: string, settings: ReplaySettings) =>
    work<ReplaySettings>(async (options, terminal) => {
      const { replayRun } = await import('../replay.ts');
      return replayRun(recording, options, terminal);
    })(settings),
  );
};
