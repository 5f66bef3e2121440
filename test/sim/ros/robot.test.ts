import { describe, expect, test } from 'vitest';
import type { Message } from '../../../sim/ros/fill.ts';
import { rosGraph } from '../../../sim/ros/graph.ts';
import { type RosRobotOptions, rosRobot } from '../../../sim/ros/robot.ts';
import type { SensingWorld } from '../../../sim/ros/senses.ts';
import { virtualClock } from '../../../src/clock.ts';
import { decodePicture } from '../../../src/data/image.ts';
import { readJointState } from '../../../src/drivers/ros/messages/joint-state.ts';
import { readOdometry } from '../../../src/drivers/ros/messages/odometry.ts';
import { type Dot, dotWorld } from '../../support/dot.ts';

type Given = Partial<RosRobotOptions<Dot>> & { version?: 1 | 2; world?: SensingWorld<Dot> };

function rig({ version = 1, world = dotWorld, ...given }: Given = {}) {
  const clock = virtualClock(1000);
  const graph = rosGraph({ version, now: clock.now });
  const states: { readonly timeMs: number; readonly dot: Dot }[] = [];
  const robot = rosRobot(world, {
    graph,
    start: [0.5, 0.5],
    size: 1,
    clock,
    onState: (dot, timeMs) => states.push({ timeMs, dot }),
    ...given,
  });
  const listen = (topic: string, type: string) => {
    const heard: Message[] = [];
    graph.subscribe('/listener', topic, [type], (message) => heard.push(message));
    return heard;
  };
  const call = async (name: string, asked: unknown = {}) =>
    (await graph.service(name)!.handle(asked)) as { success: boolean; message: string };
  return { clock, graph, robot, states, listen, call, place: () => states.at(-1)!.dot };
}

const twist = (x: number, y = 0) => ({ linear: { x, y } });

describe('a robot on a graph', () => {
  test('moves as it is told, one step a period, and keeps what came and when', async () => {
    const { clock, graph, robot, states, place } = rig();
    const drive = graph.advertise('/driver', '/cmd_vel', 'geometry_msgs/Twist');
    await clock.run(1010);
    drive.publish(twist(1, -0.5));
    await clock.run(1100);
    expect(states.map(({ timeMs }) => timeMs)).toEqual([1000, 1050, 1100]);
    expect(place()[0]).toBeCloseTo(0.5 + 0.05 * 1.8, 9); // from 1010 on
    expect(place()[1]).toBeCloseTo(0.5 - 0.025 * 1.8, 9);
    expect(robot.arrivals()).toEqual([{ timeMs: 1010, action: [1, -0.5] }]);
    expect({ commands: robot.commands, watchdog: robot.watchdog }).toEqual({ commands: 1, watchdog: 'fed' });
  });

  test('takes TwistStamped as well as Twist, but not both at once', async () => {
    const { clock, graph, robot } = rig();
    const stamped = graph.advertise('/driver', '/cmd_vel', 'geometry_msgs/TwistStamped');
    stamped.publish({ header: {}, twist: twist(0.25) });
    expect(robot.action).toEqual([0.25, 0]);
    expect(() => graph.advertise('/other', '/cmd_vel', 'geometry_msgs/Twist')).toThrow(TypeError);
    stamped.close();
    graph.advertise('/other', '/cmd_vel', 'geometry_msgs/Twist').publish(twist(-0.25));
    await clock.run(1050);
    expect(robot.arrivals().map(({ action }) => action)).toEqual([
      [0.25, 0],
      [-0.25, 0],
    ]);
  });

  test('rests when no command comes for its timeout, to the millisecond', async () => {
    const { clock, graph, robot, place } = rig({ timeoutMs: 500 });
    const drive = graph.advertise('/driver', '/cmd_vel', 'geometry_msgs/Twist');
    await clock.run(1020);
    drive.publish(twist(0.1));
    await clock.run(1320);
    drive.publish(twist(0.1));
    await clock.run(1819);
    expect({ action: robot.action, watchdog: robot.watchdog }).toEqual({ action: [0.1, 0], watchdog: 'fed' });
    await clock.run(1820);
    expect({ action: robot.action, watchdog: robot.watchdog }).toEqual({ action: [0, 0], watchdog: 'expired' });
    await clock.run(5000);
    expect(place()[0]).toBeCloseTo(0.5 + 0.1 * 0.8, 9); // 800 ms of 0.1 / s
    drive.publish(twist(0.1));
    expect({ action: robot.action, watchdog: robot.watchdog }).toEqual({ action: [0.1, 0], watchdog: 'fed' });
  });

  test('rests at an e-stop until it is enabled or reset, whatever comes', async () => {
    const { clock, graph, robot, place, call } = rig();
    const drive = graph.advertise('/driver', '/cmd_vel', 'geometry_msgs/Twist');
    const button = graph.advertise('/driver', '/e_stop', 'std_msgs/Bool');
    drive.publish(twist(1));
    await clock.run(1050);
    button.publish({ data: true });
    const [x] = place();
    drive.publish(twist(1));
    button.publish({ data: false });
    drive.publish(twist(1));
    await clock.run(1300);
    expect({ x: place()[0], enabled: robot.enabled, action: robot.action }).toEqual({
      x,
      enabled: false,
      action: [0, 0],
    });
    expect(robot.arrivals()).toHaveLength(3);
    expect(await call('/robot/enable', { data: true })).toEqual({ success: true, message: 'enabled=true' });
    drive.publish(twist(1));
    expect(robot.action).toEqual([1, 0]);
    await call('/robot/enable', { data: false });
    expect(robot.action).toEqual([0, 0]);
    await call('/robot/reset');
    expect(robot.enabled).toBe(true);
  });

  test('begins again where it is put, with nothing of what was before', async () => {
    const { clock, graph, robot, place, call } = rig();
    graph.advertise('/driver', '/cmd_vel', 'geometry_msgs/Twist').publish(twist(1));
    await clock.run(1030);
    robot.reset([0.2, 0.3]);
    await clock.run(1050);
    expect(place()).toEqual([0.2, 0.3]);
    expect((await call('/robot/reset')).success).toBe(true);
    await clock.run(1100);
    expect(place()).toEqual([0.5, 0.5]);
  });

  test('tells its true state to who asks', async () => {
    const { clock, call } = rig();
    await clock.run(1000);
    const told = JSON.parse((await call('/robot/state')).message);
    expect(told).toEqual({ state: [0.5, 0.5], action: [0, 0], enabled: true, watchdog: 'waiting', commands: 0 });
  });

  test('leaves nothing behind', async () => {
    const { clock, graph, robot, states } = rig();
    await clock.run(1100);
    robot.close();
    await clock.run(2000);
    expect({ topics: graph.topics, services: graph.services, states: states.length }).toEqual({
      topics: [],
      services: [],
      states: 3,
    });
  });
});

describe('what a robot shows', () => {
  test('is a stamped picture a step, raw and packed', async () => {
    const { clock, listen } = rig({ frameId: 'eye' });
    const raw = listen('/camera/image_raw', 'sensor_msgs/Image');
    const packed = listen('/camera/image_raw/compressed', 'sensor_msgs/CompressedImage');
    await clock.run(1100);
    expect(raw).toHaveLength(3);
    expect(raw[2]).toEqual({
      header: { seq: 3, stamp: { secs: 1, nsecs: 100_000_000 }, frame_id: 'eye' },
      height: 1,
      width: 1,
      encoding: 'rgb8',
      is_bigendian: 0,
      step: 3,
      data: Uint8Array.of(128, 128, 0),
    });
    expect(packed).toHaveLength(3);
    expect(packed[0]!.format).toBe('png');
    expect(decodePicture(packed[0]!.data as Uint8Array).data).toEqual(Uint8Array.of(128, 128, 0));
  });

  test('may be a JPEG, and rarer than its steps', async () => {
    const { clock, listen, states } = rig({ format: 'jpeg', cameraPeriodMs: 200 });
    const packed = listen('/camera/image_raw/compressed', 'sensor_msgs/CompressedImage');
    await clock.run(2000);
    expect({ states: states.length, pictures: packed.length }).toEqual({ states: 21, pictures: 6 });
    expect(packed[0]!.format).toBe('jpeg');
    expect(decodePicture(packed[0]!.data as Uint8Array)).toMatchObject({ width: 1, height: 1 });
  });

  test('is drawn for those only who look', async () => {
    let drawn = 0;
    const world = {
      ...dotWorld,
      render: (dot: Dot) => {
        drawn++;
        return dotWorld.render(dot, 1);
      },
    };
    const { clock, graph } = rig({ world });
    await clock.run(1500);
    expect(drawn).toBe(0);
    const end = graph.subscribe('/a', '/camera/image_raw', ['sensor_msgs/Image'], () => {});
    await clock.run(1600);
    end();
    await clock.run(2000);
    expect(drawn).toBe(2);
  });

  test.each([1, 2] as const)('is what the driver reads, ROS %i: wheels, joints and time', async (version) => {
    const world: SensingWorld<Dot> = {
      ...dotWorld,
      odometry: ([x, y]) => ({ x, y, yaw: 0.3, v: 0.1, w: -0.2 }),
      joints: ([x, y]) => ({ names: ['a', 'b'], positions: [x, y], velocities: [1, 2] }),
    };
    const { clock, robot, listen } = rig({ version, world, publishClock: true });
    const [odometry, joints] = [
      listen('/odom', 'nav_msgs/Odometry'),
      listen('/joint_states', 'sensor_msgs/JointState'),
    ];
    const time = listen('/clock', 'rosgraph_msgs/Clock');
    await clock.run(1050);
    const seen = readOdometry(odometry[1]);
    expect(seen).toMatchObject({ timeMs: 1050, x: 0.5, y: 0.5, v: 0.1, w: -0.2 });
    expect(seen.yaw).toBeCloseTo(0.3, 9);
    expect(readJointState(joints[1], ['b', 'a'])).toEqual({ timeMs: 1050, position: [0.5, 0.5], velocity: [2, 1] });
    expect(time[1]).toEqual({ clock: version === 1 ? { secs: 1, nsecs: 5e7 } : { sec: 1, nanosec: 5e7 } });
    expect(robot.topics.published).toEqual(expect.arrayContaining(['/odom', '/joint_states', '/clock']));
  });
});

describe('what a robot hears', () => {
  const named = (names: string[]): SensingWorld<Dot> => ({
    ...dotWorld,
    actionSpec: { ...dotWorld.actionSpec, names },
  });

  test('is by the names of its axes, or as said', async () => {
    const message = { linear: { x: 1, y: 2, z: 3 }, angular: { x: 4, y: 5, z: 6 } };
    const heard = (world: SensingWorld<Dot>, places?: Record<string, string>) => {
      const { graph, robot } = rig({ world, ...(places ? { places } : {}) });
      graph.advertise('/driver', '/cmd_vel', 'geometry_msgs/Twist').publish(message);
      return robot.arrivals()[0]!.action;
    };
    expect(heard(named(['x', 'y']))).toEqual([1, 2]);
    expect(heard(named(['linear.x', 'angular.z']))).toEqual([1, 6]);
    expect(heard(named(['left', 'right']), { left: 'angular.x', right: 'linear.z' })).toEqual([4, 3]);
  });

  test('is a list where an axis has no place in a Twist; one of another length is refused', () => {
    const { graph, robot } = rig({ world: named(['shoulder', 'elbow']), topics: { command: '/commands' } });
    const drive = graph.advertise('/driver', '/commands', 'std_msgs/Float64MultiArray');
    drive.publish({ data: [0.5, -0.5] });
    expect(() => drive.publish({ data: [1] })).toThrow(RangeError);
    expect(robot.arrivals().map(({ action }) => action)).toEqual([[0.5, -0.5]]);
  });
});
