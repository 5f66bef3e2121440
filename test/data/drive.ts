import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBag } from '../../src/data/bag.ts';
import { type McapChannel, mcapWriter } from '../../src/data/mcap.ts';
import { recordingWriter } from '../../src/data/recording.ts';
import { rosDefinition, rosEncoder } from '../../src/data/ros-codec.ts';
import { readImage } from '../../src/drivers/ros/messages/image.ts';

/** The bag that ROS wrote, and what its script told of it: `test/fixtures/ros/bags/README.md`. */
export const folder = fileURLToPath(new URL('../fixtures/ros/bags/', import.meta.url));
export const bag = join(folder, 'drive.bag');
export const config = join(folder, 'drive.yaml');

export type Told = {
  readonly topic: string;
  readonly ms: number;
  readonly x: number;
  readonly z: number;
  readonly yaw: number;
  readonly seq: number;
  readonly left: number;
  readonly right: number;
  readonly data: string;
};
export const told = JSON.parse(readFileSync(join(folder, 'drive.json'), 'utf8')) as {
  readonly start: number;
  readonly messages: readonly Told[];
};

/** The same ride as an MCAP file of ROS 1 or ROS 2. */
export async function driveMcap(path: string, encoding: 'ros1' | 'cdr'): Promise<string> {
  const writer = mcapWriter(path, {
    profile: encoding === 'cdr' ? 'ros2' : 'ros1',
    library: 'test',
    chunkBytes: 20_000,
  });
  const channels = new Map<string, { channel: McapChannel; encode: (message: object) => Uint8Array }>();
  for await (const { topic, type, timeNs, message } of readBag(bag)) {
    if (topic === '/chatter') continue;
    const known = channels.get(topic) ?? {
      channel: {
        topic,
        schema: encoding === 'cdr' ? type.replace('/', '/msg/') : type,
        encoding,
        definition: rosDefinition(encoding, type),
      },
      encode: rosEncoder(encoding, type),
    };
    channels.set(topic, known);
    writer.append(known.channel, timeNs, known.encode(message as object));
  }
  await writer.close();
  return path;
}

/** The same ride as premotor records it, with the state of odometry and joints. */
export async function driveRecording(path: string): Promise<string> {
  const header = { timeMs: 77.25, wallMs: told.start * 1e3, robot: 'drive', actionNames: ['linear.x', 'angular.z'] };
  const writer = recordingWriter(path, header);
  for await (const { topic, timeNs, message } of readBag(bag)) {
    const ms = Number(timeNs / 1_000_000n) - told.start * 1e3;
    const timeMs = header.timeMs + ms;
    const one = told.messages.find((entry) => entry.topic === topic && entry.ms === ms)!;
    if (topic === '/camera/image_raw') writer.frame('front', timeMs, readImage(message));
    if (topic === '/cmd_vel') writer.command(timeMs, [one.x, one.z]);
    if (topic === '/joint_states') {
      const { x, yaw } = told.messages.find((entry) => entry.topic === '/odom' && entry.ms === ms)!;
      writer.journal({ kind: 'proprio', timeMs, values: [x, -x / 2, yaw, 0.25, -0.5, one.left, one.right] });
    }
  }
  await writer.close();
  return path;
}
