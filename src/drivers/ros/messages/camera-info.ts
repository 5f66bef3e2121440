import { bad, field, fieldsOf, integerOf, MAX_PIXELS, numbersOf, textOf } from '../check.ts';
import { stampOf } from '../stamp.ts';

export type CameraInfo = {
  /** ms since the epoch; `undefined` when the camera does not say. */
  readonly timeMs: number | undefined;
  readonly width: number;
  readonly height: number;
  /** Camera matrix `[3, 3]`, row by row, px; all zeros when the camera is not calibrated. */
  readonly matrix: readonly number[];
  /** `plumb_bob` and others, with its parameters. */
  readonly model: string;
  readonly distortion: readonly number[];
};

/** A `sensor_msgs/CameraInfo`; the fields are `K`, `D` on ROS 1 and `k`, `d` on ROS 2. Throws `BadMessage`. */
export function readCameraInfo(message: unknown): CameraInfo {
  const fields = fieldsOf(message, 'the CameraInfo');
  const either = (name: string) => field(fields, name) ?? field(fields, name.toLowerCase());
  const distortion = numbersOf(either('D'), 'D');
  if (distortion.length > 16) throw bad('D', 'at most 16 numbers', distortion);
  return {
    timeMs: stampOf(fields),
    width: integerOf(field(fields, 'width'), 'width', 0, MAX_PIXELS),
    height: integerOf(field(fields, 'height'), 'height', 0, MAX_PIXELS),
    matrix: numbersOf(either('K'), 'K', 9),
    model: textOf(field(fields, 'distortion_model'), 'distortion_model'),
    distortion,
  };
}
