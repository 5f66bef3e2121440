import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageReader } from '@foxglove/rosmsg-serialization';
import { decode as decodeJpeg } from 'jpeg-js';
import { type Ros, Topic } from 'roslib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { definitionsOf } from '../../src/drivers/ros/definitions.ts';
import type { Arrivals } from './arrivals.ts';
import { describeRos } from './describe-ros.ts';
import { frameNumber } from './frame-number.ts';
import { monotonicMs } from './monotonic.ts';
import { runToEnd } from './part.ts';
import { type Rig, startRig } from './rig.ts';
import { callStock, countMessages, firstMessage, openRoslib, twist } from './stock-roslib.ts';
import { untilHeard } from './wire.ts';

type Image = { width: number; height: number; encoding: string; step: number; data: Uint8Array };
type Joints = { name: string[]; position: (number | null)[] };

/** From a client's view: a robot, and a server with the real one's faults. */
describeRos('the rig, with the faults of the real server', () => {
  let rig: Rig;
  let ros: Ros;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  beforeEach(async () => {
    ros = await openRoslib(rig.url);
    await rig.dump();
  });
  afterEach(() => ros.close());
  afterAll(() => rig.stop());

  /** A topic whose messages surely reach the robot from now on. */
  async function established(name: keyof Arrivals, messageType: string): Promise<Topic> {
    const topic = new Topic({ ros, name, messageType });
    topic.advertise();
    await rig.until(({ publishers }) => publishers[name] > 0);
    return topic;
  }

  it('shares its clock with this process', async () => {
    const before = monotonicMs();
    const { monotonicMs: there } = await rig.peek();
    expect(there).toBeGreaterThanOrEqual(before);
    expect(there).toBeLessThanOrEqual(monotonicMs());
  });

  it('sends raw pictures with their number, as base64 and as bytes', async () => {
    const text = await firstMessage<Omit<Image, 'data'> & { data: string }>(
      ros,
      '/cam/image_raw',
      'sensor_msgs/Image',
      'none',
    );
    const bytes = await firstMessage<Image>(ros, '/cam/image_raw', 'sensor_msgs/Image', 'cbor');
    const expected = { width: 64, height: 48, encoding: 'rgb8', step: 192 };
    expect(text).toMatchObject(expected);
    expect(bytes).toMatchObject(expected);
    expect(bytes.data.length).toBe(64 * 48 * 3);
    const first = frameNumber({ width: 64, height: 48, data: Buffer.from(text.data, 'base64') });
    const second = frameNumber(bytes);
    const { robot } = await rig.peek();
    expect(second).toBeGreaterThan(first);
    expect(robot.frames).toBeGreaterThan(second);
  });

  it('sends messages as ROS wrote them', async () => {
    const { bytes } = await firstMessage<{ secs: number; bytes: Uint8Array }>(
      ros,
      '/cam/image_raw',
      'sensor_msgs/Image',
      'cbor-raw',
    );
    const image = new MessageReader(definitionsOf('sensor_msgs/Image', 1)!).readMessage<Image>(bytes);
    expect(image).toMatchObject({ width: 64, height: 48, encoding: 'rgb8' });
    expect((await rig.peek()).robot.frames).toBeGreaterThan(frameNumber(image));
  });

  it('sends JPEG pictures that keep their number', async () => {
    const { data, format } = await firstMessage<{ data: Uint8Array; format: string }>(
      ros,
      '/cam/image_raw/compressed',
      'sensor_msgs/CompressedImage',
      'cbor',
    );
    expect(format).toBe('rgb8; jpeg compressed bgr8');
    const picture = decodeJpeg(data, { useTArray: true, formatAsRGBA: false });
    const { robot } = await rig.peek();
    const number = frameNumber(picture);
    expect(number).toBeGreaterThan(0);
    expect(number).toBeLessThan(robot.frames);
  });

  it('sends depth in millimetres', async () => {
    const { data, ...depth } = await firstMessage<Image>(ros, '/cam/depth', 'sensor_msgs/Image', 'cbor');
    expect(depth).toMatchObject({ width: 64, height: 48, encoding: '16UC1', step: 128 });
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    expect(view.getUint16(2, true)).toBe(1000 + (view.getUint16(0, true) % 1000));
  });

  it('never delivers strings or arrays of fixed size as cbor', async () => {
    const others = await openRoslib(rig.url);
    const joints = countMessages(ros, '/joint_states', 'sensor_msgs/JointState', { compression: 'cbor' });
    const odometry = countMessages(ros, '/odom', 'nav_msgs/Odometry', { compression: 'cbor' });
    const plain = countMessages(others, '/joint_states', 'sensor_msgs/JointState');
    await plain.reaches(50);
    expect([joints.count, odometry.count]).toEqual([0, 0]);
    others.close();
  });

  it('delivers them as JSON, and a NaN as null', async () => {
    const hasNan = ({ position }: Joints) => position.at(-1) === null;
    const joints = await firstMessage<Joints>(ros, '/joint_states', 'sensor_msgs/JointState', 'none', hasNan);
    expect(joints.name).toEqual(['shoulder', 'elbow', 'wrist']);
    const odometry = await firstMessage(ros, '/odom', 'nav_msgs/Odometry', 'none');
    expect(odometry).toMatchObject({ child_frame_id: 'base', header: { frame_id: 'odom' } });
  });

  it('delivers them raw, and a NaN as one', async () => {
    const read = new MessageReader(definitionsOf('sensor_msgs/JointState', 1)!);
    const wrist = (bytes: Uint8Array) => read.readMessage<{ position: Float64Array }>(bytes).position[2];
    const { bytes } = await firstMessage<{ bytes: Uint8Array }>(
      ros,
      '/joint_states',
      'sensor_msgs/JointState',
      'cbor-raw',
      (message) => Number.isNaN(wrist(message.bytes)),
    );
    expect(wrist(bytes)).toBeNaN();
  });

  it('throttles', async () => {
    const others = await openRoslib(rig.url);
    const slow = countMessages(ros, '/odom', 'nav_msgs/Odometry', { throttle_rate: 400, queue_length: 1 });
    const all = countMessages(others, '/odom', 'nav_msgs/Odometry');
    await slow.reaches(3);
    expect(all.count).toBeGreaterThan(2 * slow.count);
    others.close();
  });

  it('refuses the type names of ROS 2 without a word', async () => {
    const others = await openRoslib(rig.url);
    const statuses: unknown[] = [];
    ros.on('status', (status) => statuses.push(status));
    const wrong = countMessages(ros, '/joint_states', 'sensor_msgs/msg/JointState');
    await countMessages(others, '/joint_states', 'sensor_msgs/JointState').reaches(20);
    expect(wrong.count).toBe(0);
    expect(statuses).toEqual([]);
    others.close();
  });

  it('fragments with id 0 and a total that is no whole number', async () => {
    const subscribe = { op: 'subscribe', topic: '/cam/image_raw', type: 'sensor_msgs/Image', fragment_size: 5000 };
    const fragment = await untilHeard(rig.url, [subscribe], ({ op }) => op === 'fragment');
    expect(fragment.id).toBe(0);
    expect(fragment.total as number).toBeGreaterThan(2);
    expect(Number.isInteger(fragment.total)).toBe(false);
  });

  it('answers services, and says when they fail', async () => {
    expect(await callStock(ros, '/robot/enable', { data: true })).toEqual({ success: true, message: 'enabled=True' });
    await expect(callStock(ros, '/nope')).rejects.toThrow('Service /nope does not exist');
    await expect(callStock(ros, '/robot/enable', { data: 'yes' })).rejects.toThrow(
      "std_srvs/SetBoolRequest message requires a bool for field data, but got a <class 'str'>",
    );
  });

  it('answers for rosapi', async () => {
    const ask = (name: string, args = {}) => callStock(ros, `/rosapi/${name}`, args);
    expect(await ask('topic_type', { topic: '/joint_states' })).toEqual({ type: 'sensor_msgs/JointState' });
    expect(await ask('topic_type', { topic: '/nope' })).toEqual({ type: '' });
    expect(await ask('subscribers', { topic: '/cmd_vel' })).toEqual({ subscribers: ['/robot'] });
    expect(await ask('publishers', { topic: '/odom' })).toEqual({ publishers: ['/robot'] });
    expect(await ask('services')).toMatchObject({ services: expect.arrayContaining(['/robot/e_stop']) });
    const { topics, types } = (await ask('topics')) as { topics: string[]; types: string[] };
    expect(types[topics.indexOf('/cmd_vel')]).toBe('geometry_msgs/Twist');
    const { time } = (await ask('get_time')) as { time: { secs: number } };
    expect(Math.abs(time.secs * 1e3 - (await rig.peek()).wallMs)).toBeLessThan(60_000);
  });

  it('tells what reached the robot, in order', async () => {
    const topic = await established('/cmd_vel', 'geometry_msgs/Twist');
    const before = monotonicMs();
    for (let i = 1; i <= 20; i++) topic.publish(twist(i / 10, -0.5));
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].length === 20);
    const { arrivals } = await rig.dump();
    expect(arrivals['/cmd_vel'].map(({ message }) => Math.round(message.linear.x * 10))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(arrivals['/cmd_vel'][0]!.monotonicMs).toBeGreaterThan(before);
    expect(arrivals['/cmd_vel'][19]!.monotonicMs).toBeLessThan(monotonicMs());
    expect((await rig.dump()).arrivals['/cmd_vel']).toEqual([]);
  });

  it('moves as it is told, and its own timeout stops it', async () => {
    const topic = await established('/cmd_vel', 'geometry_msgs/Twist');
    const before = (await rig.dump()).robot;
    topic.publish(twist(0.5));
    const { robot } = await rig.until((dump) => dump.robot.timeouts > before.timeouts);
    expect(robot.x).toBeGreaterThan(before.x);
    await rig.until((dump) => dump.robot.forward === 0);
  });

  it('moves its joints, by trajectory and by position', async () => {
    const trajectory = await established('/arm/command', 'trajectory_msgs/JointTrajectory');
    const point = { positions: [0.4, -0.2], time_from_start: { secs: 1, nsecs: 0 } };
    trajectory.publish({ joint_names: ['wrist', 'shoulder'], points: [point] });
    const { arrivals } = await rig.until(({ robot }) => Math.abs(robot.joints[2]! - 0.4) < 0.01);
    expect(arrivals['/arm/command'][0]!.message.points[0]!.time_from_start).toEqual({ secs: 1, nsecs: 0 });
    const positions = await established('/arm/positions', 'std_msgs/Float64MultiArray');
    positions.publish({ data: [0, 0.3, 0] });
    await rig.until(({ robot }) => Math.abs(robot.joints[1]! - 0.3) < 0.01);
  });

  it('replaces a stamp that it does not understand by its own time', async () => {
    const topic = await established('/cmd_vel_stamped', 'geometry_msgs/TwistStamped');
    const right = { secs: 5, nsecs: 6 };
    const headers = [
      undefined,
      { frame_id: 'a' },
      { stamp: 'now' },
      { stamp: { sec: 5, nanosec: 6 } },
      { stamp: right },
    ];
    for (const header of headers) topic.publish({ ...(header && { header }), twist: twist(1) });
    const { arrivals } = await rig.until((dump) => dump.arrivals['/cmd_vel_stamped'].length === headers.length);
    const stamps = arrivals['/cmd_vel_stamped'].map(({ message }) => message.header.stamp);
    expect(stamps[0]).toEqual({ secs: 0, nsecs: 0 });
    for (const stamp of stamps.slice(1, 4)) expect(stamp.secs).toBeGreaterThan(1e9);
    expect(stamps[4]).toEqual(right);
  });

  it('drops what it cannot use without a word', async () => {
    const statuses: unknown[] = [];
    ros.on('status', (status) => statuses.push(status));
    const topic = await established('/cmd_vel', 'geometry_msgs/Twist');
    topic.publish(twist(Number.NaN));
    topic.publish({ ...twist(1), speed: 1 });
    topic.publish({ linear: { x: 'fast' } });
    new Topic({ ros, name: '/cmd_vel', messageType: 'std_msgs/Bool' }).publish({ data: true });
    topic.publish(twist(0.25));
    const { arrivals } = await rig.until((dump) => dump.arrivals['/cmd_vel'].length > 0);
    expect(arrivals['/cmd_vel'].map(({ message }) => message.linear.x)).toEqual([0.25]);
    expect(statuses).toEqual([]);
  });

  it('says its e-stop to whom it may concern, late comers included', async () => {
    await rig.call('/robot/e_stop', { data: true });
    const isOn = ({ data }: { data: boolean }) => data;
    await firstMessage<{ data: boolean }>(ros, '/e_stop', 'std_msgs/Bool', 'none', isOn);
    expect((await rig.peek()).robot.eStop).toBe(true);
    await rig.call('/robot/e_stop', { data: false });
  });

  it('can be asked while its bridge is stopped', async () => {
    await rig.pause('bridge');
    expect((await rig.dump()).robot.enabled).toBe(true);
    rig.resume('bridge');
    expect(await callStock(ros, '/robot/enable', { data: true })).toMatchObject({ success: true });
  });

  it('records bags', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bag-'));
    const bag = join(folder, 'seen.bag');
    await rig.record(bag, ['/cam/image_raw', '/joint_states', '/odom'], 3);
    const script = `import json, rosbag, sys
info = rosbag.Bag(sys.argv[1]).get_type_and_topic_info().topics
print(json.dumps({topic: [one.msg_type, one.message_count] for topic, one in info.items()}))`;
    const counts = JSON.parse(await runToEnd(['/usr/bin/python3', '-c', script, bag], rig.env));
    expect(counts).toEqual({
      '/cam/image_raw': ['sensor_msgs/Image', expect.any(Number)],
      '/joint_states': ['sensor_msgs/JointState', expect.any(Number)],
      '/odom': ['nav_msgs/Odometry', expect.any(Number)],
    });
    for (const [, count] of Object.values(counts) as [string, number][]) expect(count).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  });
});

describeRos('the rig, without faults', () => {
  let rig: Rig;
  let ros: Ros;
  beforeAll(async () => {
    rig = await startRig();
    ros = await openRoslib(rig.url);
  });
  afterAll(async () => {
    ros.close();
    await rig.stop();
  });

  it('delivers strings and arrays of fixed size as cbor', async () => {
    const joints = await firstMessage<Joints>(ros, '/joint_states', 'sensor_msgs/JointState', 'cbor');
    expect(joints.name).toEqual(['shoulder', 'elbow', 'wrist']);
    expect(joints.position).toBeInstanceOf(Float64Array);
    type Odometry = { pose: { covariance: Float64Array } };
    const { pose } = await firstMessage<Odometry>(ros, '/odom', 'nav_msgs/Odometry', 'cbor');
    expect(pose.covariance.length).toBe(36);
  });

  it('says what is wrong', async () => {
    const subscribe = { op: 'subscribe', topic: '/odom', type: 'nav_msgs/msg/Odometry' };
    const status = await untilHeard(rig.url, [subscribe], ({ op }) => op === 'status');
    expect(status.msg).toContain('nav_msgs/msg/Odometry');
  });
});
