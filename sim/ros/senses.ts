import type { World } from '../world.ts';
import type { Message } from './fill.ts';
import type { Publication, RosGraph } from './graph.ts';

/** A world that may say what the encoders of its joints would. */
export type SensingWorld<State> = World<State> & {
  /** Rad or m by name, and rad/s or m/s. */
  joints?(state: State): {
    readonly names: readonly string[];
    readonly positions: readonly number[];
    readonly velocities?: readonly number[];
  };
};

export type SensesOptions<State> = {
  readonly world: SensingWorld<State>;
  readonly graph: RosGraph;
  readonly node: string;
  readonly topics: { readonly odometry: string; readonly joints: string };
};

/** Publishes /odom and /joint_states of a world that has them. */
export function rosSenses<State>({ world, graph, node, topics }: SensesOptions<State>) {
  const ends: Publication[] = [];
  const open = (topic: string, type: string) => {
    const publication = graph.advertise(node, topic, type);
    ends.push(publication);
    return publication;
  };
  const odometry = world.odometry && open(topics.odometry, 'nav_msgs/Odometry');
  const joints = world.joints && open(topics.joints, 'sensor_msgs/JointState');
  return {
    topics: [...(odometry ? [topics.odometry] : []), ...(joints ? [topics.joints] : [])],
    show: (state: State, stamp: Message) => {
      if (odometry) odometry.publish(odometryMessage(world.odometry!(state), stamp));
      if (joints) {
        const { names, positions, velocities = [] } = world.joints!(state);
        const header = { stamp, frame_id: '' };
        joints.publish({ header, name: [...names], position: [...positions], velocity: [...velocities] });
      }
    },
    close: () => {
      for (const end of ends) end.close();
    },
  };
}

type Odometry = ReturnType<NonNullable<World<unknown>['odometry']>>;

function odometryMessage({ x, y, yaw, v, w }: Odometry, stamp: Message) {
  const orientation = { x: 0, y: 0, z: Math.sin(yaw / 2), w: Math.cos(yaw / 2) };
  return {
    header: { stamp, frame_id: 'odom' },
    child_frame_id: 'base_link',
    pose: { pose: { position: { x, y, z: 0 }, orientation } },
    twist: { twist: { linear: { x: v, y: 0, z: 0 }, angular: { x: 0, y: 0, z: w } } },
  };
}
