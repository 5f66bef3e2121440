import { oneOf } from '../../nearest.ts';
import { decimal, limit, requireOneGoal, whole } from '../options.ts';
import { type PageSettings, requirePage, withPage } from '../page-options.ts';
import { type PlanningSettings, planningOf, withPlanning } from '../planning-options.ts';
import { verb, work } from '../verb.ts';

type Options = {
  readonly robot: string;
  readonly url?: string;
  readonly config: string;
  readonly goal?: string;
  readonly say?: string;
  readonly checkpoint?: string;
  readonly dryRun?: boolean;
  readonly arm?: boolean;
  readonly acceptGoal?: boolean;
  readonly maxSurprise?: number | 'auto';
  readonly record?: string;
  readonly duration?: number;
  readonly budgetMs: number;
  readonly seed: number;
  readonly insecure?: boolean;
  readonly open?: boolean;
  readonly engine?: string;
  readonly threads?: number;
} & PlanningSettings &
  PageSettings;

/** All that driving a robot needs to know. */
export type RunSettings = Options;

/** `premotor run`: drive a robot behind ROS to what a picture shows. */
export const runCommand = () =>
  withPage(
    withPlanning(
      verb({
        name: 'run',
        summary: 'drive a robot behind a ROS bridge to what a goal picture shows; it boots disarmed',
        examples: [
          'run --robot ros --url ws://127.0.0.1:9090 --config examples/two-room.yaml --dry-run',
          'run --robot ros --config examples/two-room.yaml --goal goal.png --arm',
          'run --config robot.yaml --goal goal.png --record drive.mcap',
          'run --config examples/two-room.yaml --say "in the left room, at the top" --arm',
        ],
      }),
    ),
  )
    .option('--robot <kind>', 'how the robot is reached: ros', 'ros')
    .option('--url <address>', "address of the rosbridge (default: the configuration's)")
    .requiredOption('-c, --config <file>', 'the robot: topics, limits, safety (YAML, JSON or TypeScript)')
    .option('-g, --goal <picture>', "what to reach: a PNG or JPEG of the robot's camera, of the model's size")
    .option('--say <words>', 'what shall hold, in words that the checkpoint knows, instead of a picture')
    .option('--checkpoint <dir>', "the model (default: the configuration's)")
    .option('--dry-run', 'say what is found and what would be published; send nothing')
    .option('--arm', 'arm as soon as every check passes (default: wait for key a, or the page)')
    .option('--accept-goal', 'arm even if the goal picture is unlike anything the model has seen')
    .option(
      '--max-surprise <limit>',
      'rest while what is seen is further from what was expected: auto (as the checkpoint was calibrated), off or a number',
      limit('--max-surprise', ['auto', 'off']),
      'auto',
    )
    .option('--record <file>', 'record everything to an MCAP file; premotor replay runs it again')
    .option('--duration <seconds>', 'end after so long', decimal('--duration', { min: 0.1 }))
    .option('--budget-ms <ms>', 'longest time for a plan', decimal('--budget-ms', { min: 1, max: 10_000 }), 80)
    .option('-s, --seed <number>', 'of every random choice', whole('--seed'), 0)
    .option('--insecure', 'allow plain ws:// to another machine')
    .option('--open', 'open the page in a browser')
    .option('--engine <name>', 'what computes; see premotor doctor')
    .option('--threads <count>', 'threads of the engine', whole('--threads', { min: 1, max: 256 }))
    .action(
      work<Options>(async (options, terminal) => {
        oneOf('--robot', options.robot, ['ros']);
        planningOf(options);
        requirePage(options);
        if (options.dryRun) {
          const { dryRun } = await import('../dry-run.ts');
          return dryRun(options, terminal);
        }
        requireOneGoal(options);
        const { runRobot } = await import('../run.ts');
        return runRobot(options, terminal);
      }),
    );
