import { Topic } from 'roslib';
import { summarise } from '../../sim/timing.ts';
import { drive } from '../../src/agent/drive.ts';
import { pause, realClock } from '../../src/clock.ts';
import { checkRobotConfig } from '../../src/drivers/ros/config.ts';
import { findRobot } from '../../src/drivers/ros/open-robot.ts';
import { stampOf } from '../../src/drivers/ros/stamp.ts';
import { seeded } from '../../src/random.ts';
import { startRig } from '../../test/ros/rig.ts';
import { rosAvailable } from '../../test/ros/ros-available.ts';
import { openRoslib } from '../../test/ros/stock-roslib.ts';
import { dotFrame } from '../../test/support/dot.ts';
import { type Row, row } from '../row.ts';

const CAMERA = { width: 640, height: 480, hz: 30 };
const SECONDS = 30;
const BASELINE_SECONDS = 15;
const PLAN_MS = 80;
const LINE = { name: 'pass line', value: 50 };

/**
 * How old a frame is when the mind begins to think about it: a rospy camera of 640x480 at 30 frames a second, the bridge with
 * the faults of the real one, our body, and a mind in its own process whose plans take 80 ms. Beside it stock roslib, whose
 * callback takes as long. Nothing where ROS is not installed.
 */
export async function benchCamera(): Promise<Row[]> {
  const available = rosAvailable();
  if (!available.ok) {
    console.error(`the camera is not measured: ${available.reason}`);
    return [];
  }
  const rig = await startRig({ ...CAMERA, faults: true });
  try {
    const rows: Row[] = [];
    for (const [name, camera] of Object.entries({
      'raw, cbor': { topic: '/cam/image_raw' },
      'raw, cbor-raw': { topic: '/cam/image_raw', compression: 'cbor-raw' },
      jpeg: { topic: '/cam/image_raw/compressed' },
    }))
      rows.push(...(await ours(rig.url, name, camera)));
    for (const queue of [0, 1]) rows.push(await stock(rig.url, queue));
    return rows;
  } finally {
    await rig.stop();
  }
}

async function ours(url: string, name: string, camera: object): Promise<Row[]> {
  const clock = realClock();
  const axes = { 'linear.x': { high: 0.5, rate: 5 }, 'angular.z': { high: 1, rate: 5 } };
  const actions = { topic: '/cmd_vel', type: 'geometry_msgs/Twist', axes };
  const config = await checkRobotConfig({ name: 'rig', cameras: { front: camera }, actions }, { path: 'bench' });
  const robot = await findRobot({ config, url, clock, random: seeded(1), wallMs: Date.now, size: 64 });
  const ages: number[] = [];
  let counting = false;
  const driving = drive({
    robot,
    config,
    clock,
    mind: {
      load: { checkpoint: '' },
      module: new URL('./pondering-mind.ts', import.meta.url).href,
      goal: { frame: dotFrame([1, 1]) },
      onThought: ({ timeMs, elapsedMs }) => counting && ages.push(clock.now() - elapsedMs - timeMs),
    },
  });
  while (!(await driving.interlock.arm('bench')).done) await pause(100, clock);
  await pause(1000, clock);
  counting = true;
  const before = robot.senses.counts().front!;
  await pause(SECONDS * 1000, clock);
  counting = false;
  const after = robot.senses.counts().front!;
  await driving.stop();
  const { p50, p95, count } = summarise(ages);
  const diff = (key: 'in' | 'used' | 'dropped' | 'bad') => after[key] - before[key];
  const what = `frame age at the mind, 640x480 at 30 Hz, ${name}, plans of ${PLAN_MS} ms`;
  return [
    row(`${what}: p50 of ${count}`, p50, 'ms'),
    row('the same: p95', p95, 'ms', LINE, 'lower'),
    row('the same: most', Math.max(...ages), 'ms'),
    row(`the same: frames come in ${SECONDS} s`, diff('in'), 'frames'),
    row('the same: decoded', diff('used'), 'frames'),
    row('the same: dropped for a newer one, or unreadable', diff('dropped') + diff('bad'), 'frames'),
  ];
}

/** Stock roslib, as its examples have it: a callback that takes as long as a plan. */
async function stock(url: string, queue: number): Promise<Row> {
  const ros = await openRoslib(url);
  const ages: number[] = [];
  const options = {
    ros,
    name: '/cam/image_raw',
    messageType: 'sensor_msgs/Image',
    compression: 'cbor',
    queue_length: queue,
  };
  const topic = new Topic<Record<string, unknown>>(options);
  const began = performance.now();
  await new Promise<void>((resolve) =>
    topic.subscribe((message) => {
      ages.push(Date.now() - stampOf(message)!);
      const until = performance.now() + PLAN_MS;
      while (performance.now() < until);
      if (performance.now() - began > BASELINE_SECONDS * 1000) resolve();
    }),
  );
  topic.unsubscribe();
  ros.close();
  const { p95, count } = summarise(ages);
  return row(`stock roslib, queue_length ${queue}, a callback of ${PLAN_MS} ms: frame age p95 of ${count}`, p95, 'ms');
}
