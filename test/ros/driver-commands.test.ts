import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBag } from '../../src/data/bag.ts';
import { dotFrame } from '../support/dot.ts';
import { describeRos } from './describe-ros.ts';
import { arm, driving, ends, wanting } from './driving.ts';
import { type Rig, startRig } from './rig.ts';

describeRos('what leaves, as ROS reads it, with the faults of the real server', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  afterAll(() => rig?.stop());

  it("TwistStamped, stamped with the robot's time and not with ours", async () => {
    const axes = { 'linear.x': { high: 0.5, rate: 10 } };
    const actions = { topic: '/cmd_vel_stamped', type: 'geometry_msgs/TwistStamped', axes, frame: 'base' };
    const made = await driving(rig, wanting([0.25]), { actions });
    await arm(made);
    const full = ({ message }: { message: { twist: { linear: { x: number } } } }) => message.twist.linear.x === 0.25;
    await rig.until(({ arrivals }) => arrivals['/cmd_vel_stamped'].filter(full).length >= 10);
    const arrivals = (await rig.dump()).arrivals['/cmd_vel_stamped'].filter(full);
    const stamps = arrivals.map(({ message }) => message.header.stamp.secs * 1e3 + message.header.stamp.nsecs / 1e6);
    const ages = arrivals.map(({ wallMs }, i) => wallMs - stamps[i]!).sort((a, b) => a - b);
    expect(ages[0]).toBeGreaterThan(-60); // the robot is asked for its time, and may take 50 ms to say it
    expect(ages[ages.length >> 1]).toBeLessThan(1000);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b)); // also when the robot's time becomes better known
    expect(arrivals.every(({ message }) => message.header.frame_id === 'base')).toBe(true);
  });

  it('JointTrajectory and Float64MultiArray, joints by name', async () => {
    const axes = { wrist: { high: 1, rate: 10 }, shoulder: { high: 1, rate: 10 } };
    const trajectory = { topic: '/arm/command', type: 'trajectory_msgs/JointTrajectory', axes };
    const made = await driving(rig, wanting([0.5, -0.5]), { actions: trajectory });
    await arm(made);
    const reached = (values: readonly number[]) => values[0] === 0.5 && values[1] === -0.5;
    const { arrivals } = await rig.until(({ arrivals }) =>
      arrivals['/arm/command'].some(({ message }) => reached(message.points[0]!.positions)),
    );
    const { joint_names, points } = arrivals['/arm/command'].at(-1)!.message;
    expect(joint_names).toEqual(['wrist', 'shoulder']);
    expect(points).toHaveLength(1);
    expect(points[0]!.time_from_start.secs + points[0]!.time_from_start.nsecs).toBeGreaterThan(0);
    await rig.until(({ robot }) => robot.joints[2]! > 0.45 && robot.joints[0]! < -0.45); // it went there
    await made.stop();

    const array = { topic: '/arm/positions', type: 'std_msgs/Float64MultiArray', axes };
    const other = await driving(rig, wanting([0.5, -0.5]), { actions: array });
    await arm(other);
    await rig.until(({ arrivals }) => arrivals['/arm/positions'].some(({ message }) => reached(message.data)));
  });

  it('what the mind believes, on topics that were asked for: plan, candidates, distance; and how all is, once a second', async () => {
    const beliefs = { path: '/plan', markers: '/candidates', distance: '/distance', frame: 'map' };
    const mind = {
      module: new URL('../../bench/ros/pondering-mind.ts', import.meta.url).href,
      load: { checkpoint: '' },
      goal: { frame: dotFrame([1, 1]) },
      think: { picturesEveryMs: 100 },
    };
    const made = await driving(rig, mind, { beliefs });
    await arm(made);
    const folder = mkdtempSync(join(tmpdir(), 'beliefs-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const bag = join(folder, 'told.bag');
    const topics = ['/plan', '/candidates', '/distance', '/diagnostics'];
    await rig.record(bag, topics, 6);

    const told = new Map<string, { readonly type: string; readonly ms: number; readonly message: Told }[]>();
    for await (const { topic, type, timeNs, message } of readBag(bag, { topics }))
      told.set(topic, [...(told.get(topic) ?? []), { type, ms: Number(timeNs) / 1e6, message: message as Told }]);
    expect([...told].map(([topic, [first]]) => [topic, first!.type]).sort()).toEqual([
      ['/candidates', 'visualization_msgs/MarkerArray'],
      ['/diagnostics', 'diagnostic_msgs/DiagnosticArray'],
      ['/distance', 'std_msgs/Float32'],
      ['/plan', 'nav_msgs/Path'],
    ]);
    const { message: plan } = told.get('/plan')!.at(-1)!;
    expect(plan.header.frame_id).toBe('map');
    expect(plan.poses.length).toBeGreaterThan(1);
    expect(told.get('/distance')!.every(({ message }) => Number.isFinite(message.data))).toBe(true);
    const spaces = new Set(
      told
        .get('/candidates')!
        .at(-1)!
        .message.markers.map(({ ns }) => ns),
    );
    expect(spaces).toContain('best');

    const states = told.get('/diagnostics')!;
    const between = states.slice(1).map(({ ms }, i) => ms - states[i]!.ms);
    expect(states.length).toBeGreaterThanOrEqual(3);
    expect(between.sort((a, b) => a - b)[between.length >> 1]).toBeGreaterThan(800);
    const names = states.at(-1)!.message.status.map(({ name }) => name);
    expect(names).toEqual(['premotor: safety', 'premotor: link', 'premotor: camera', 'premotor: mind']);
  });
});

/** The fields looked at here, of all these messages. */
type Told = {
  readonly header: { readonly frame_id: string };
  readonly poses: readonly unknown[];
  readonly data: number;
  readonly markers: readonly { readonly ns: string }[];
  readonly status: readonly { readonly name: string }[];
};
