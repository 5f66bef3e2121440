import { UsageError } from '../../errors.ts';
import { decimal, variations, whole } from '../options.ts';
import { type RecordedMoment, recordedMoment } from '../recorded-moment.ts';
import { type Terminal, verb, work } from '../verb.ts';

type Options = {
  readonly list?: boolean;
  readonly task: string;
  readonly serveRos?: number | true;
  readonly ros: number;
  readonly host: string;
  readonly insecure?: boolean;
  readonly rate?: number;
  readonly cameraRate?: number;
  readonly size?: number;
  readonly policy: string;
  readonly camera?: string;
  readonly speed: number;
  readonly port?: number;
  readonly from?: RecordedMoment;
  readonly open?: boolean;
  readonly headless?: boolean;
  readonly episodes?: number;
  readonly out?: string;
  readonly seed: number;
  readonly vary?: Record<string, unknown>;
  readonly faults?: boolean;
  readonly goalOut?: string;
  readonly duration?: number;
};

/** All that serving a world needs to know. */
export type SimSettings = Omit<Options, 'list' | 'serveRos' | 'ros' | 'policy' | 'speed' | 'size' | 'port'> & {
  readonly size: number;
  readonly port: number;
  readonly version: 1 | 2;
};

const USUAL_PORT = 9090;
/** Sides of pictures, px: for robots, and for people. */
const ROS_SIZE = 64;
const PAGE_SIZE = 224;

/** `premotor sim`: a simulated robot for others to drive. */
export const simCommand = () =>
  verb({
    name: 'sim',
    summary: 'watch a world and play with it on the live page, or serve it as a ROS robot (no ROS is needed)',
    examples: [
      'sim --task two-room --policy expert --open',
      'sim --task diff-drive --policy manual --vary colour,layout',
      'sim --task two-room --policy expert --headless --episodes 100 --json',
      'sim --task two-room --serve-ros 9090',
      'sim --task two-room --serve-ros 9090 --ros 1 --goal-out goal.png',
      'sim --list',
    ],
  })
    .option('--list', 'the tasks, and how they can be varied')
    .option('-t, --task <name>', 'what to do', 'two-room')
    .option('-p, --policy <name>', 'who drives: expert, explore, random, or manual (keys and mouse)', 'expert')
    .option('--camera <name>', "whose pictures are shown (default: the task's usual one)")
    .option('--speed <times>', 'slow motion or fast, of the page', decimal('--speed', { min: 0.01, max: 100 }), 1)
    .option('--port <number>', 'of the page', whole('--port', { max: 65_535 }))
    .option('--from <moment>', 'start from a recorded moment: <data set>:<episode>:<step>', recordedMoment('--from'))
    .option('--open', 'open the page in a browser')
    .option('--headless', 'no page, as fast as it goes: tells how often the goal was reached')
    .option('-n, --episodes <count>', 'end after so many episodes', whole('--episodes', { min: 1 }))
    .option('-o, --out <dir>', 'where the page saves episodes (default: data/<task>-played)')
    .option('--serve-ros [port]', `serve it there (default: ${USUAL_PORT}; 0: any free port)`, port)
    .option('--ros <version>', 'be a robot of ROS 1 or ROS 2', whole('--ros', { min: 1, max: 2 }), 2)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--insecure', 'listen on other addresses too: whoever reaches one can drive the robot')
    .option(
      '--rate <steps>',
      "control steps per second (default: the world's own)",
      decimal('--rate', { min: 1, max: 200 }),
    )
    .option(
      '--camera-rate <pictures>',
      'pictures per second (default: one a step)',
      decimal('--camera-rate', { min: 0.1, max: 200 }),
    )
    .option(
      '--size <pixels>',
      `side of the pictures (default: ${PAGE_SIZE} on the page, ${ROS_SIZE} for ROS)`,
      whole('--size', { min: 16, max: 1024 }),
    )
    .option('-s, --seed <number>', 'the same seed gives the same start and goal', whole('--seed'), 1)
    .option(
      '--vary <variation>',
      'name=value, or names to be drawn anew for every episode (colour,noise); may be given many times',
      variations('--vary'),
    )
    .option('--faults', 'lose and alter what real rosbridge servers lose and alter without a word')
    .option('--goal-out <file>', 'write a goal picture (PNG), and say when the robot is there')
    .option('--duration <seconds>', 'end after so long (default: on Ctrl-C)', decimal('--duration', { min: 0.1 }))
    .action(
      work<Options>(async ({ list = false, serveRos, ros, ...options }, terminal) => {
        const { findTask, tasks } = await import('../../../sim/tasks.ts');
        if (list) {
          const { factorsOf, variationsOf } = await import('../../../sim/vary.ts');
          const all = Object.values(tasks);
          return listed(
            all.map((each) => ({
              name: each.name,
              variations: variationsOf(each),
              factors: Object.keys(factorsOf(each)),
            })),
          );
        }
        const { name: task } = findTask(options.task);
        if (serveRos === undefined) return play({ ...options, task }, terminal);
        if (!isLoopback(options.host) && options.insecure !== true) {
          throw new UsageError(`${options.host} is not an address of this machine alone`, {
            hint: 'rosbridge knows no passwords: whoever reaches it drives the robot; --insecure if that is wanted',
          });
        }
        const { runSim } = await import('../sim.ts');
        const { policy: _, speed: __, ...robot } = options;
        const settings = {
          ...robot,
          task,
          size: options.size ?? ROS_SIZE,
          port: serveRos === true ? USUAL_PORT : serveRos,
          version: ros as 1 | 2,
        };
        return runSim(settings, terminal);
      }),
    );

async function play(
  { policy, camera, speed, open, headless, out, size, port: at, ...options }: Omit<Options, 'ros'>,
  terminal: Terminal,
) {
  const { runPlay } = await import('../play.ts');
  const { task, from, seed, vary, episodes, duration } = options;
  if (headless === true && episodes === undefined && duration === undefined) {
    throw new UsageError('--headless needs an end', { hint: 'give --episodes or --duration' });
  }
  return runPlay(
    {
      ...{ task, policy, seed, speed, size: size ?? PAGE_SIZE, open: open === true, headless: headless === true },
      out: out ?? `data/${task}-played`,
      ...(vary && { vary }),
      ...(from && { from }),
      ...(camera !== undefined && { camera }),
      ...(at !== undefined && { port: at }),
      ...(episodes !== undefined && { episodes }),
      ...(duration !== undefined && { duration }),
    },
    terminal,
  );
}

function port(text: string): number {
  return whole('--serve-ros', { max: 65_535 })(text);
}

type Listed = {
  readonly name: string;
  readonly variations: Readonly<Record<string, string>>;
  readonly factors: readonly string[];
};

function listed(tasks: readonly Listed[]) {
  return {
    json: { tasks },
    summary: tasks.flatMap(({ name, variations: known, factors }) => [
      name,
      ...Object.entries(known).map(([variation, what]) => `  --vary ${variation}=...  ${what}`),
      `  --vary ${factors.join(',')}  drawn anew for every episode`,
    ]),
  };
}

const isLoopback = (host: string) => /^(127(\.\d{1,3}){3}|::1|localhost)$/i.test(host);
