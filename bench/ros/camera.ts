import { Topic } from 'roslib';
import { summarise } from '../../sim/timing.ts';
import { drive } from '../../src/agent/drive.ts';
import { pause, realClock } from '../../src/clock.ts';
import { checkRobotConfig } from '../../src/drivers/ros/config.ts';
import { findRobot } from '../../src/drivers/ros/open-robot.ts';
import { stampOf } from '../../src/drivers/ros/stamp.ts';
import { seeded } from '../../src/random.ts';
import { rosAvailable } from '../../test/ros/ros-available.ts';
import { openRoslib } from '../../test/ros/stock-roslib.ts';
import { dotFrame } from '../../test/support/dot.ts';
import { type Row, row } from '../row.ts';
import { type CameraRig, rospyCamera, simulatedCamera } from './camera-rig.ts';
import { lateness } from './rig.ts';

const CAMERA = { width: 640, height: 480, hz: 30 };
const PLAN_MS = 80;
const LINE = { name: 'pass line', value: 50 };
/** One picture in work, one waiting, and one on its way when counting begins or ends. */
const UNDER_WAY = { name: 'pass line', value: 3 };

const RAW = { topic: '/cam/image_raw' };
/** How pictures travel, and whether the mind computes in its own thread (`busy`) or beside it. */
const VARIANTS = [
  { name: 'raw, cbor', camera: RAW, mind: 'busy' },
  { name: 'raw, cbor-raw', camera: { ...RAW, compression: 'cbor-raw' }, mind: 'busy' },
  { name: 'jpeg, cbor', camera: { topic: '/cam/image_raw/compressed' }, mind: 'busy' },
  { name: 'raw, cbor, computing in a worker', camera: RAW, mind: 'idle' },
] as const;

export type CameraTrials = {
  readonly seconds?: number;
  readonly baselineSeconds?: number;
  readonly open?: (size: typeof CAMERA) => Promise<CameraRig>;
};

/**
 * How old a frame is, from its stamp to when the mind begins to think about it: a camera of 640x480 at 30 frames a second, a
 * bridge with the faults of the real one, our body, and a mind in its own process whose plans take 80 ms. Beside it stock
 * roslib, whose callback takes as long. A rospy camera where ROS is installed, else the simulator's.
 */
export async function benchCamera({ seconds = 30, baselineSeconds = 15, open }: CameraTrials = {}): Promise<Row[]> {
  const start = open ?? (rosAvailable().ok ? rospyCamera : simulatedCamera);
  const rig = await start(CAMERA);
  try {
    const rows: Row[] = [];
    for (const variant of VARIANTS) rows.push(...(await ours(rig, variant, seconds)));
    for (const queue of [0, 1]) rows.push(...(await stock(rig, queue, baselineSeconds)));
    return rows;
  } finally {
    await rig.stop();
  }
}

async function ours(rig: CameraRig, variant: (typeof VARIANTS)[number], seconds: number): Promise<Row[]> {
  const clock = realClock();
  const epochMs = wallOffset(clock.now);
  const axes = { 'linear.x': { high: 0.5, rate: 5 }, 'angular.z': { high: 1, rate: 5 } };
  const actions = { topic: '/cmd_vel', type: 'geometry_msgs/Twist', axes };
  const written = { name: 'rig', cameras: { front: variant.camera }, actions };
  const config = await checkRobotConfig(written, { path: 'bench' });
  const options = { config, url: rig.url, clock, random: seeded(1), wallMs: Date.now, size: 64 };
  const robot = await findRobot(options);

  // the robot's own stamp of every frame, by the time that the driver gives it: camera and mind are on one machine here
  const stamps = new Map<number, number>();
  const { date } = robot.stamps;
  robot.stamps.date = (stampMs, receivedMs) => {
    const timeMs = date(stampMs, receivedMs);
    if (stampMs !== undefined) stamps.set(timeMs, stampMs);
    return timeMs;
  };
  const ages: number[] = [];
  const misdated: number[] = [];
  const plans: number[] = [];
  const rests: string[] = [];
  let counting = false;
  const late = lateness();
  const driving = drive({
    robot,
    config,
    clock,
    onEvent: ({ kind, reason }) => counting && kind === 'resting' && rests.push(`${reason}`),
    mind: {
      load: { checkpoint: variant.mind },
      module: new URL('./pondering-mind.ts', import.meta.url).href,
      goal: { frame: dotFrame([1, 1]) },
      onThought: ({ timeMs, elapsedMs }) => {
        if (!counting) return;
        const stampMs = stamps.get(timeMs)! - epochMs;
        ages.push(clock.now() - elapsedMs - stampMs);
        misdated.push(Math.abs(timeMs - stampMs));
        plans.push(elapsedMs);
      },
    },
  });
  const look = async () => ({
    shown: await rig.shown(),
    believed: driving.watch.counts.used,
    ...robot.senses.counts().front!,
  });
  while (!(await driving.interlock.arm('bench')).done) await pause(100, clock);
  await pause(1000, clock);
  const before = await look();
  counting = true;
  late.take();
  await pause(seconds * 1000, clock);
  counting = false;
  const lateMs = late.take();
  late.close();
  const after = await look();
  await driving.stop();

  const more = (key: keyof typeof after) => after[key] - before[key];
  const { p50, p95, count } = summarise(ages);
  return [
    row(`${rig.name}, 640x480 at 30 Hz, ${variant.name}: frame age at the mind, p50 of ${count}`, p50, 'ms'),
    row('the same: p95', p95, 'ms', LINE, 'lower'),
    row('the same: most', Math.max(...ages), 'ms'),
    row('the same: a plan takes, p50', summarise(plans).p50, 'ms'),
    row('the same: the driver is wrong about when a frame was taken by, p95', summarise(misdated).p95, 'ms'),
    row(`the same: frames shown in ${seconds} s`, more('shown'), 'frames'),
    row('the same: frames that came', more('in'), 'frames'),
    row('the same: decoded', more('used'), 'frames'),
    row('the same: dropped for a newer one before decoding', more('dropped'), 'frames'),
    row('the same: believed, and given to the mind', more('believed'), 'frames'),
    row('the same: unreadable', more('bad'), 'frames'),
    row('the same: thought about; the others were passed over for a newer one', count, 'frames'),
    row(
      'the same: came, but neither decoded, dropped nor unreadable',
      Math.abs(more('in') - more('used') - more('dropped') - more('bad')),
      'frames',
      UNDER_WAY,
      'lower',
    ),
    row(
      `the same: times the robot was put to rest (${[...new Set(rests)].join(', ') || 'never'})`,
      rests.length,
      'times',
    ),
    row('the same: the body itself was late by at most', lateMs, 'ms'),
  ];
}

/** Stock roslib, as its examples have it: a callback that takes as long as a plan. */
async function stock(rig: CameraRig, queue: number, seconds: number): Promise<Row[]> {
  const ros = await openRoslib(rig.url);
  const ages: number[] = [];
  const type = { messageType: 'sensor_msgs/Image', compression: 'cbor', queue_length: queue };
  const topic = new Topic<Record<string, unknown>>({ ros, name: RAW.topic, ...type });
  const began = performance.now();
  const shown = await rig.shown();
  await new Promise<void>((resolve) =>
    topic.subscribe((message) => {
      ages.push(Date.now() - stampOf(message)!);
      const until = performance.now() + PLAN_MS;
      while (performance.now() < until);
      if (performance.now() - began > seconds * 1000) resolve();
    }),
  );
  topic.unsubscribe();
  ros.close();
  const { p50, p95, count } = summarise(ages);
  return [
    row(
      `${rig.name}, stock roslib, queue_length ${queue}, a callback of ${PLAN_MS} ms: frame age p50 of ${count}`,
      p50,
      'ms',
    ),
    row('the same: p95', p95, 'ms'),
    row('the same: most', Math.max(...ages), 'ms'),
    row('the same: frames shown', (await rig.shown()) - shown, 'frames'),
  ];
}

/** Wall clock less monotonic clock, ms: sharper than the whole milliseconds that `Date.now` tells. */
function wallOffset(nowMs: () => number): number {
  let offset = Number.NEGATIVE_INFINITY;
  for (const end = nowMs() + 20; nowMs() < end; ) offset = Math.max(offset, Date.now() - nowMs());
  return offset;
}
