import type { Frame } from '../drivers/driver.ts';
import { rosDefinition, rosEncoder } from './ros-codec.ts';

/** The type of pictures, and its definition, of ROS 1. */
export const IMAGE = {
  schema: 'sensor_msgs/Image',
  encoding: 'ros1',
  definition: rosDefinition('ros1', 'sensor_msgs/Image'),
} as const;

const encode = rosEncoder('ros1', IMAGE.schema);
const BILLION = 1_000_000_000n;

/** A frame as a ROS 1 message: of a camera, numbered, taken at a time on the wall. */
export function encodeImage({ width, height, data }: Frame, of: string, seq: number, ns: bigint): Uint8Array {
  const stamp = { sec: Number(ns / BILLION), nsec: Number(ns % BILLION) };
  const picture = { height, width, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data };
  return encode({ header: { seq, stamp, frame_id: of }, ...picture });
}
