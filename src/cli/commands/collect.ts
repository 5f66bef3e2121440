import { variations, whole } from '../options.ts';
import { duration } from '../progress.ts';
import { verb, work } from '../verb.ts';

type Options = {
  readonly task: string;
  readonly out?: string;
  readonly episodes: number;
  readonly seed: number;
  readonly policy: string;
  readonly size: number;
  readonly frameEvery: number;
  readonly vary?: Readonly<Record<string, unknown>>;
  readonly workers: number;
  readonly gym?: string;
  readonly maxSteps: number;
};

/** `premotor collect`: records episodes of a task. */
export const collectCommand = () =>
  verb({
    name: 'collect',
    summary: 'record episodes of a task; the same command again goes on where it stopped',
    examples: [
      'collect --task two-room --episodes 3000 --out data/train',
      'collect --task two-room --policy expert --episodes 600 --seed 1000001 --out data/test',
      'collect --task two-room --vary collision=swept --vary speed=4 --out data/swept',
      'collect --task two-room --vary colour,noise,distractors --out data/varied',
      'collect --gym 7070 --episodes 200 --out data/pendulum',
    ],
  })
    .option('-t, --task <name>', 'what to do', 'two-room')
    .option('-o, --out <dir>', 'folder of the data set (default: data/<task>)')
    .option('-n, --episodes <count>', 'how many, those already there included', whole('--episodes', { min: 1 }), 1000)
    .option('-s, --seed <number>', 'the same seed gives the same episodes', whole('--seed'), 1)
    .option(
      '-p, --policy <name>',
      'who acts: explore (best for training), expert, random, or another of the task',
      'explore',
    )
    .option('--size <pixels>', 'side of the pictures', whole('--size', { min: 16, max: 512 }), 64)
    .option('--frame-every <steps>', 'store a frame every so many control steps', whole('--frame-every', { min: 1 }), 5)
    .option(
      '--vary <variation>',
      'name=value, or names to be drawn anew for every episode (colour,noise); may be given many times',
      variations('--vary'),
    )
    .option('--workers <count>', 'threads that play', whole('--workers', { min: 0, max: 64 }), 2)
    .option('--gym <host:port>', 'instead of a task, random episodes of a Gymnasium environment (docs/gymnasium.md)')
    .option(
      '--max-steps <count>',
      'with --gym: steps of an episode that does not end by itself',
      whole('--max-steps', { min: 1 }),
      200,
    )
    .action(
      work<Options>(async ({ task: name, out = `data/${name}`, vary = {}, ...options }, terminal) => {
        if (options.gym !== undefined) {
          const { collectGym } = await import('../collect-gym.ts');
          return collectGym({ ...options, gym: options.gym, out }, terminal);
        }
        const [{ findTask }, { collect }] = await Promise.all([
          import('../../../sim/tasks.ts'),
          import('../../../sim/collect.ts'),
        ]);
        const task = findTask(name);
        const bar = terminal.progress(`collect ${name}`, 'episodes');
        const { size, frameEvery, episodes, seed, policy, workers } = options;
        const recipe = { task, dir: out, episodes, seed, policy, size, frameEvery, variations: vary, workers };
        const { signal } = terminal;
        const made = await collect({
          ...recipe,
          signal,
          onProgress: ({ done, total }) => bar.update(done, total),
        }).finally(() => bar.done());
        const { done, total, frames, steps, elapsedMs } = made;
        const framesPerSecond = elapsedMs > 0 ? Math.round((frames / elapsedMs) * 1000) : 0;
        return {
          json: {
            task: name,
            dir: out,
            episodes: done,
            seed,
            policy,
            frames,
            steps,
            seconds: elapsedMs / 1000,
            framesPerSecond,
          },
          summary: [
            `${done} of ${total} episodes in ${out}`,
            `this run: ${frames} frames, ${steps} steps in ${duration(elapsedMs)} (${framesPerSecond} frames/s)`,
            ...(done < total ? ['run the same command again to go on'] : []),
          ],
          ok: done >= total,
        };
      }),
    );
