import { decimal, whole } from '../options.ts';
import { verb, work } from '../verb.ts';

export type RecordSettings = {
  readonly robot: string;
  readonly url?: string;
  readonly config: string;
  readonly out: string;
  readonly size?: number;
  readonly duration?: number;
  readonly insecure?: boolean;
};

/** `premotor record`: look on while someone else drives. */
export const recordCommand = () =>
  verb({
    name: 'record',
    summary: 'record what a robot sees and is told while someone else drives it; nothing is sent to it',
    examples: [
      'record --config robot.yaml --out drive.mcap',
      'record --url ws://127.0.0.1:9090 --config examples/diff-drive.yaml --out drive.mcap --size 64 --duration 60',
    ],
  })
    .option('--robot <kind>', 'how the robot is reached: ros', 'ros')
    .option('--url <address>', "address of the rosbridge (default: the configuration's)")
    .requiredOption('-c, --config <file>', 'the robot: topics of camera, commands, odometry, joints')
    .requiredOption('-o, --out <file>', 'the MCAP file, a new one; premotor convert makes a data set of it')
    .option(
      '--size <pixels>',
      'side of the pictures (default: as the camera sends them)',
      whole('--size', { min: 8, max: 2048 }),
    )
    .option('--duration <seconds>', 'end after so long', decimal('--duration', { min: 0.1 }))
    .option('--insecure', 'allow plain ws:// to another machine')
    .action(
      work<RecordSettings>(async (options, terminal) => {
        const { record } = await import('../record.ts');
        return record(options, terminal);
      }),
    );
