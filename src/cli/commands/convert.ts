import { decimal, type Gauge, gauges, whole } from '../options.ts';
import { verb, work } from '../verb.ts';

/** What `premotor convert` was told. */
export type ConvertSettings = {
  readonly out: string;
  readonly to?: string;
  readonly config?: string;
  readonly camera?: string;
  readonly gauge?: readonly Gauge[];
  readonly state?: string;
  readonly size?: number;
  readonly crop?: boolean;
  readonly frameEvery?: number;
  readonly maxSteps?: number;
  readonly periodMs?: number;
  readonly task?: string;
  readonly video?: boolean;
};

/** `premotor convert`: makes a data set of recordings of a robot, and of other tools' data sets, and gives ours to them. */
export const convertCommand = () => {
  const command = verb({
    name: 'convert',
    summary:
      'make a data set for train from recordings of a robot (ROS 1 bags, MCAP files, own recordings), HDF5 files or LeRobot data sets; or give ours to those tools',
    examples: [
      'convert drive.bag --config robot.yaml --out data/mine',
      'convert drive.bag --config robot.yaml --camera front,wrist --gauge elbow=-2:2 --out data/mine',
      'convert pusht_expert_train.h5 --out data/pusht --size 96 --period-ms 100',
      'convert lerobot/aloha_sim --camera observation.images.top --out data/aloha',
      'convert data/two-room --to lerobot --out export/two-room',
      'convert data/two-room --out export/two-room.h5',
    ],
  })
    .argument('<inputs...>', 'recordings; or one HDF5 file, LeRobot folder or data set of ours')
    .requiredOption('-o, --out <path>', 'what to make, a new one: a folder, or an .h5 file')
    .option('--to <format>', 'episodes, hdf5 or lerobot (default: hdf5 for an .h5 file, else episodes)')
    .option('-c, --config <file>', 'of recordings: the robot, with the topics of camera, commands, odometry, joints')
    .option(
      '--camera <name>',
      'which camera (default: the first; pixels in HDF5); of recordings several, with commas between, as one picture',
    )
    .option(
      '--gauge <name=low:high>',
      "of recordings: show a number of the robot's state in the picture too; may be given many times",
      gauges('--gauge'),
    )
    .option('--state <name>', "which numbers are the state (default: HDF5's state, LeRobot's observation.state)")
    .option(
      '--size <pixels>',
      'side of the pictures; 32, 64, 96, ... suit the encoder (default: 64)',
      whole('--size', { min: 16, max: 512 }),
    )
    .option('--crop', "take the pictures' middle square (default: squeeze all of it)")
    .option(
      '--frame-every <rows>',
      'keep the picture of every so-manieth row (default: 1)',
      whole('--frame-every', { min: 1 }),
    )
    .option(
      '--max-steps <count>',
      'cut longer episodes (default: 100 for recordings)',
      whole('--max-steps', { min: 1 }),
    )
    .option(
      '--period-ms <ms>',
      'control period (default: what the input or the configuration says, else 100)',
      decimal('--period-ms', { min: 1, max: 10_000 }),
    )
    .option('--task <name>', 'name of the task (default: what the input says)')
    .option('--video', 'to LeRobot: pictures as H.264 videos, with ffmpeg');
  return command.action((inputs: string[], settings: ConvertSettings) =>
    work<ConvertSettings>(async (options, terminal) => {
      const { convert } = await import('../convert.ts');
      return convert(inputs, options, terminal);
    })(settings),
  );
};
