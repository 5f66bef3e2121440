import { decimal, whole } from '../options.ts';
import { verb, work } from '../verb.ts';

/** What `premotor convert` was told. */
export type ConvertSettings = {
  readonly config: string;
  readonly out: string;
  readonly periodMs?: number;
  readonly size: number;
  readonly camera?: string;
  readonly maxSteps: number;
};

/** `premotor convert`: makes a data set of recordings of a robot. */
export const convertCommand = () => {
  const command = verb({
    name: 'convert',
    summary: 'make a data set for train from recordings of a robot: ROS 1 bags, MCAP files, own recordings',
    examples: [
      'convert drive.bag --config robot.yaml --out data/mine',
      'convert monday.mcap tuesday.mcap --config robot.yaml --out data/mine --period-ms 50 --size 96',
    ],
  })
    .argument('<recordings...>', '.bag or .mcap files')
    .requiredOption('-c, --config <file>', 'the robot: which topics are camera, commands, odometry, joints')
    .requiredOption('-o, --out <dir>', 'folder of the data set, a new one')
    .option(
      '--period-ms <ms>',
      "control period (default: the configuration's, else 100)",
      decimal('--period-ms', { min: 1, max: 10_000 }),
    )
    .option(
      '--size <pixels>',
      'side of the pictures; 32, 64, 96, ... suit the encoder',
      whole('--size', { min: 16, max: 512 }),
      64,
    )
    .option('--camera <name>', 'which camera of the configuration (default: the first)')
    .option('--max-steps <count>', 'cut longer episodes', whole('--max-steps', { min: 1 }), 100);
  return command.action((recordings: string[], settings: ConvertSettings) =>
    work<ConvertSettings>(async (options, terminal) => {
      const { convert } = await import('../convert.ts');
      return convert(recordings, options, terminal);
    })(settings),
  );
};
