import { BadMessage } from '../../../errors.ts';
import { bad, field, fieldsOf, numbersOf, show, textOf } from '../check.ts';
import { stampOf } from '../stamp.ts';

export type JointState = {
  /** When it was measured, ms since the epoch; `undefined` when the robot does not say. */
  readonly timeMs: number | undefined;
  /** Rad or m, in the order asked for; NaN where the robot does not know. */
  readonly position: readonly number[];
  /** Rad/s or m/s; absent when the robot sends none. */
  readonly velocity?: readonly number[];
};

/** The joints asked for, by name, of a `sensor_msgs/JointState`. Throws `BadMessage`, also when a joint is missing. */
export function readJointState(message: unknown, names: readonly string[]): JointState {
  const fields = fieldsOf(message, 'the JointState');
  const list = field(fields, 'name');
  if (!Array.isArray(list)) throw bad('name', 'a list of texts', list);
  const places = new Map<string, number>();
  for (const [i, entry] of list.entries()) {
    const name = textOf(entry, `name[${i}]`);
    if (places.has(name)) throw new BadMessage(`name must hold every joint once, got ${show(name)} twice`);
    places.set(name, i);
  }
  const position = numbersOf(field(fields, 'position'), 'position', list.length);
  const velocities = field(fields, 'velocity');
  const velocity = isEmpty(velocities) ? undefined : numbersOf(velocities, 'velocity', list.length);
  const order = names.map((name) => {
    const at = places.get(name);
    if (at === undefined) throw new BadMessage(`name must hold ${show(name)}, got ${shortened([...places.keys()])}`);
    return at;
  });
  return {
    timeMs: stampOf(fields),
    position: order.map((at) => position[at]!),
    ...(velocity && { velocity: order.map((at) => velocity[at]!) }),
  };
}

const isEmpty = (list: unknown): boolean => list === undefined || (list as ArrayLike<unknown> | null)?.length === 0;

const shortened = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : `${names.slice(0, 8).map(show).join(', ')}${names.length > 8 ? ', ...' : ''}`;
