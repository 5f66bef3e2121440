import type { Action } from '../drivers/driver.ts';
import { type Fields, field, fieldsOf, numberOf, numbersOf, textOf } from '../drivers/ros/check.ts';
import type { RobotConfig } from '../drivers/ros/config.ts';
import { BadMessage } from '../errors.ts';

/** The action that a robot was sent, of the type in its configuration; a Twist may be stamped or not. Throws `BadMessage`. */
export function readCommand({ type, axes }: RobotConfig['actions'], message: unknown): Action {
  const fields = fieldsOf(message, 'the command');
  const action = type.startsWith('geometry_msgs/')
    ? ofTwist(fields, axes)
    : type === 'trajectory_msgs/JointTrajectory'
      ? ofTrajectory(fields, axes)
      : numbersOf(field(fields, 'data'), 'data', axes.length);
  if (action.every(Number.isFinite)) return action;
  throw new BadMessage(`the command must be finite numbers, got [${action.join(', ')}]`);
}

type Axes = RobotConfig['actions']['axes'];

function ofTwist(fields: Fields, axes: Axes): number[] {
  const twist = Object.hasOwn(fields, 'twist') ? fieldsOf(field(fields, 'twist'), 'twist') : fields;
  return axes.map(({ name }) => {
    const [part = '', axis = ''] = name.split('.');
    return numberOf(field(fieldsOf(field(twist, part), part), axis), name);
  });
}

/** The first point's positions, by name. */
function ofTrajectory(fields: Fields, axes: Axes): number[] {
  const names = field(fields, 'joint_names');
  const points = field(fields, 'points');
  if (!Array.isArray(names) || !Array.isArray(points) || points.length === 0)
    throw new BadMessage('the trajectory must have joint_names and at least one point');
  const places = names.map((name) => textOf(name, 'joint_names'));
  const positions = numbersOf(field(fieldsOf(points[0], 'points[0]'), 'positions'), 'positions', places.length);
  return axes.map(({ name }) => {
    const place = places.indexOf(name);
    if (place < 0) throw new BadMessage(`the trajectory must move ${name}, got ${places.join(', ')}`);
    return positions[place]!;
  });
}
