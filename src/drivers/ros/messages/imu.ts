import { field, fieldsOf, numberOf, numbersOf } from '../check.ts';
import { stampOf } from '../stamp.ts';

export type Imu = {
  /** ms since the epoch; `undefined` when the robot does not say. */
  readonly timeMs: number | undefined;
  /** Quaternion x, y, z, w; absent when the sensor has none (REP 145: its covariance begins with -1). */
  readonly orientation?: readonly number[];
  /** rad/s about x, y, z. */
  readonly angularVelocity: readonly number[];
  /** m/s² along x, y, z, gravity included. */
  readonly acceleration: readonly number[];
};

/** A `sensor_msgs/Imu`; what the sensor does not know is NaN. Throws `BadMessage`. */
export function readImu(message: unknown): Imu {
  const fields = fieldsOf(message, 'the Imu');
  const covariance = numbersOf(field(fields, 'orientation_covariance'), 'orientation_covariance', 9);
  return {
    timeMs: stampOf(fields),
    ...(covariance[0] !== -1 && { orientation: axes(fields, 'orientation', ['x', 'y', 'z', 'w']) }),
    angularVelocity: axes(fields, 'angular_velocity'),
    acceleration: axes(fields, 'linear_acceleration'),
  };
}

function axes(fields: Readonly<Record<string, unknown>>, name: string, names = ['x', 'y', 'z']): number[] {
  const vector = fieldsOf(field(fields, name), name);
  return names.map((axis) => numberOf(field(vector, axis), `${name}.${axis}`));
}
