import type { Action, ActionSpec } from '../../src/drivers/driver.ts';
import type { Message } from './fill.ts';

/** How a robot hears its commands: the types it takes, and the action that a message of one of them says. */
export interface CommandReader {
  readonly types: readonly string[];
  /** Throws `RangeError` when it has another number of values than the robot has axes. */
  read(message: Message, type: string): Action;
}

/** Where an axis of these names is in a Twist, unless said otherwise; `linear.x` and its like name themselves. */
const usual: Readonly<Record<string, string>> = {
  x: 'linear.x',
  y: 'linear.y',
  z: 'linear.z',
  vx: 'linear.x',
  vy: 'linear.y',
  v: 'linear.x',
  w: 'angular.z',
  yaw: 'angular.z',
};

const isAxis = (path: string) => /^(linear|angular)\.[xyz]$/.test(path);

/** Twist and TwistStamped where every axis has a place in one, else Float64MultiArray with the axes in order. */
export function commandReader({ names }: ActionSpec, places: Readonly<Record<string, string>> = {}): CommandReader {
  const paths = names.map((name) => places[name] ?? (Object.hasOwn(usual, name) ? usual[name]! : name));
  const wrong = Object.values(places).find((path) => !isAxis(path));
  if (wrong !== undefined) throw new RangeError(`places must be linear.x ... angular.z, got ${wrong}`);
  if (!paths.every(isAxis))
    return { types: ['std_msgs/Float64MultiArray'], read: (message) => list(message, names.length) };
  return {
    types: ['geometry_msgs/Twist', 'geometry_msgs/TwistStamped'],
    read: (message, type) => {
      const twist = (type === 'geometry_msgs/Twist' ? message : message.twist) as Record<
        string,
        Record<string, number>
      >;
      return paths.map((path) => {
        const [part, axis] = path.split('.') as [string, string];
        return twist[part]![axis]!;
      });
    },
  };
}

function list(message: Message, length: number): Action {
  const values = message.data as readonly number[];
  if (values.length === length) return values;
  throw new RangeError(`a command must have ${length} values, got ${values.length}`);
}
