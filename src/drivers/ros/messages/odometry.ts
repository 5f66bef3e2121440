import { field, fieldsOf, numberOf } from '../check.ts';
import { stampOf } from '../stamp.ts';

export type Odometry = {
  /** ms since the epoch; `undefined` when the robot does not say. */
  readonly timeMs: number | undefined;
  /** m, in the odometry frame. */
  readonly x: number;
  readonly y: number;
  /** rad, counter-clockwise from x; NaN when the quaternion is all zeros, which is how an unset one looks. */
  readonly yaw: number;
  /** m/s forward and rad/s counter-clockwise, in the robot's frame. */
  readonly v: number;
  readonly w: number;
};

/** A base's pose and speed from a `nav_msgs/Odometry`; what the robot does not know is NaN. Throws `BadMessage`. */
export function readOdometry(message: unknown): Odometry {
  const fields = fieldsOf(message, 'the Odometry');
  const pose = part(part(fields, 'pose'), 'pose');
  const twist = part(part(fields, 'twist'), 'twist');
  const position = part(pose, 'position');
  return {
    timeMs: stampOf(fields),
    x: numberOf(field(position, 'x'), 'position.x'),
    y: numberOf(field(position, 'y'), 'position.y'),
    yaw: yawOf(part(pose, 'orientation')),
    v: numberOf(field(part(twist, 'linear'), 'x'), 'linear.x'),
    w: numberOf(field(part(twist, 'angular'), 'z'), 'angular.z'),
  };
}

const part = (fields: Readonly<Record<string, unknown>>, name: string) => fieldsOf(field(fields, name), name);

/** Turn about z of a quaternion of any length, rad. */
function yawOf(orientation: Readonly<Record<string, unknown>>): number {
  const of = (axis: string) => numberOf(field(orientation, axis), `orientation.${axis}`);
  const [x, y, z, w] = [of('x'), of('y'), of('z'), of('w')];
  if (x === 0 && y === 0 && z === 0 && w === 0) return Number.NaN;
  return Math.atan2(2 * (w * z + x * y), w * w + x * x - y * y - z * z);
}
