import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, map, type Observable, ReplaySubject, filter as where } from 'rxjs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Motion } from '../../src/agent/act.ts';
import { type Drive, type DriveOptions, drive } from '../../src/agent/drive.ts';
import type { Mind } from '../../src/agent/mind.ts';
import { realClock } from '../../src/clock.ts';
import type { Observation } from '../../src/drivers/driver.ts';
import { checkRobotConfig } from '../../src/drivers/ros/config.ts';
import { type FoundRobot, findRobot } from '../../src/drivers/ros/open-robot.ts';
import { seeded } from '../../src/random.ts';
import { selfSigned } from '../support/certificate.ts';
import { after, isRest, staleAfter } from './arrivals.ts';
import { describeRos } from './describe-ros.ts';
import { frameNumber } from './frame-number.ts';
import { monotonicMs } from './monotonic.ts';
import { type Rig, type RigOptions, startRig } from './rig.ts';

const clock = realClock();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** The rig's robot as a user would write it down. */
const robotOf = (changes: Record<string, unknown> = {}) => ({
  name: 'rig',
  cameras: { front: { topic: '/cam/image_raw' } },
  actions: {
    topic: '/cmd_vel',
    type: 'geometry_msgs/Twist',
    axes: { 'linear.x': { high: '0.5 m/s', rate: '2 m/s^2' }, 'angular.z': { high: '1 rad/s', rate: '4 rad/s^2' } },
  },
  safety: { eStop: { topic: '/e_stop' } },
  ...changes,
});

async function find(rig: Rig, changes: Record<string, unknown> = {}, more: { ca?: string } = {}): Promise<FoundRobot> {
  const config = await checkRobotConfig(robotOf({ ...changes, ...(more.ca ? { ros: { ca: more.ca } } : {}) }), {
    path: 'rig',
  });
  const robot = await findRobot({ config, url: rig.url, clock, random: seeded(1), wallMs: Date.now, size: 64 });
  ends.push(() => robot.close());
  return robot;
}

/** Always wants this much, whatever it sees. */
const wanting =
  (action: readonly number[]): Mind =>
  (seen$: Observable<Observation>) =>
    seen$.pipe(map(({ timeMs }): Motion => ({ timeMs, periodMs: 100, actions: Array(10).fill(action) })));

async function driving(
  rig: Rig,
  mind: Mind,
  changes: Record<string, unknown> = {},
  options: Partial<DriveOptions> = {},
): Promise<Drive> {
  const config = await checkRobotConfig(robotOf(changes), { path: 'rig' });
  const robot = await find(rig, changes);
  const made = drive({ robot, config, mind, clock, ...options });
  ends.unshift(() => made.stop());
  return made;
}

/** Arms as soon as it may be. */
async function arm({ interlock }: Drive): Promise<void> {
  await expect.poll(async () => (await interlock.arm('test')).done, { timeout: 20_000, interval: 50 }).toBe(true);
}
const moves = ({ arrivals }: { arrivals: Awaited<ReturnType<Rig['peek']>>['arrivals'] }) =>
  arrivals['/cmd_vel'].some((one) => !isRest(one));

describeRos('our driver, judged by what rospy received', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  afterAll(() => rig?.stop());

  it('boots disarmed; moves within its limits when armed; the e-stop leaves rest only, until a reset and arming', async () => {
    await rig.dump();
    const made = await driving(rig, wanting([9, 0.2]));
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].length > 0);
    expect((await rig.dump()).arrivals['/cmd_vel'].every(isRest)).toBe(true);

    await arm(made);
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].some(({ message }) => message.linear.x === 0.5));
    const moved = (await rig.dump()).arrivals['/cmd_vel'].map(({ message }) => message);
    expect(
      moved.every(({ linear, angular }) => linear.x >= 0 && linear.x <= 0.5 && angular.z >= 0 && angular.z <= 0.2),
    ).toBe(true);
    const steps = moved.slice(1).map(({ linear }, i) => linear.x - moved[i]!.linear.x);
    expect(Math.max(...steps)).toBeLessThanOrEqual(2 * 0.2 + 1e-9); // 2 m/s^2 over the longest step that counts

    const { epoch } = made.interlock.press('test');
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].some(isRest));
    await rig.dump();
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].length >= 5);
    expect((await rig.dump()).arrivals['/cmd_vel'].every(isRest)).toBe(true);
    expect(made.interlock.reset(epoch, 'test').done).toBe(true);
    await arm(made);
    await rig.until(moves);
  });

  it("hears the robot's own e-stop", async () => {
    const made = await driving(rig, wanting([0.3, 0]));
    await arm(made);
    await rig.until(moves);
    await rig.call('/robot/e_stop', { data: true });
    await expect.poll(() => made.interlock.state.pressed, { timeout: 20_000 }).toBe(true);
    await rig.call('/robot/e_stop', { data: false });
    expect(made.interlock.state.pressed).toBe(true);
    expect(made.log.events.some(({ kind, by }) => kind === 'e-stop pressed' && by === 'the topic /e_stop')).toBe(true);
  });

  it('the last word is rest, and it is acknowledged', async () => {
    const made = await driving(rig, wanting([0.3, 0]));
    await arm(made);
    await rig.dump();
    await rig.until(moves);
    expect(await made.stop()).toBe(true);
    await rig.until(({ arrivals }) => isRest(arrivals['/cmd_vel'].at(-1)!));
  });

  it('a bridge that freezes: one command at most is left behind, then rest, then motion by itself', async () => {
    const made = await driving(rig, wanting([0.3, 0]));
    await arm(made);
    await rig.until(moves);
    await rig.pause('bridge');
    await expect.poll(() => made.robot.link.state, { timeout: 20_000 }).not.toBe('up');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await rig.dump();
    const thawedMs = rig.resume('bridge');
    await rig.until(({ arrivals }) => {
      const late = after(arrivals['/cmd_vel'], thawedMs);
      const rest = late.findIndex(isRest);
      return rest >= 0 && late.slice(rest).some((one) => !isRest(one));
    });
    const arrivals = (await rig.dump()).arrivals['/cmd_vel'];
    const late = after(arrivals, thawedMs);
    const before = late.slice(0, late.findIndex(isRest));
    expect(new Set(before.map(({ message }) => message.linear.x)).size).toBeLessThanOrEqual(1);
    expect(before.length).toBeLessThanOrEqual(1);
  });

  it('a bridge that dies and comes back: no stale command, advertised and subscribed anew', async () => {
    const made = await driving(rig, wanting([0.3, 0]));
    await arm(made);
    await rig.until(moves);
    await rig.kill('bridge');
    await expect.poll(() => made.robot.link.state, { timeout: 20_000 }).not.toBe('up');
    const backMs = monotonicMs();
    await rig.dump();
    await rig.restart('bridge');
    const { arrivals } = await rig.until(moves);
    const late = after(arrivals['/cmd_vel'], backMs);
    expect(isRest(late[0]!)).toBe(true);
    expect(staleAfter(late.slice(0, late.findIndex(isRest)), backMs)).toEqual([]);
  });

  it('nonsense from the mind leaves as rest, and nothing else does', async () => {
    const made = await driving(rig, wanting([Number.NaN, 0.1]));
    await arm(made);
    await rig.dump();
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].length >= 5);
    expect((await rig.dump()).arrivals['/cmd_vel'].every(isRest)).toBe(true);
    expect(made.verdict?.reason).toBe('not finite');
  });
});

describeRos('what the robot shows, with the faults of the real server', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  afterAll(() => rig?.stop());

  it.each([
    ['raw', { topic: '/cam/image_raw' }],
    ['raw, as bytes of ROS', { topic: '/cam/image_raw', compression: 'cbor-raw' }],
    ['raw, as text', { topic: '/cam/image_raw', compression: 'none' }],
    ['jpeg', { topic: '/cam/image_raw/compressed' }],
  ])('pictures: %s', async (_, camera) => {
    const robot = await find(rig, { cameras: { front: camera } });
    const numbers$ = new ReplaySubject<number>();
    const seen = robot.senses.sights$.subscribe(({ frames }) => numbers$.next(frameNumber(frames.front!)));
    ends.unshift(() => seen.unsubscribe());
    const first = await firstValueFrom(numbers$);
    await firstValueFrom(numbers$.pipe(where((number) => number > first + 3)));
  });

  it('depth as grey', async () => {
    const robot = await find(rig, { cameras: { front: { topic: '/cam/depth', depth: { nearM: 0.1, farM: 10 } } } });
    const { frames } = await firstValueFrom(robot.senses.sights$);
    const { data } = frames.front!;
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
    expect(data.some((value) => value > 0)).toBe(true);
  });

  it('joints by name, NaN as NaN, and odometry', async () => {
    const robot = await find(rig, {
      joints: { topic: '/joint_states', names: ['wrist', 'shoulder'] },
      odometry: { topic: '/odom' },
    });
    const sight = await firstValueFrom(robot.senses.sights$.pipe(where(({ proprio }) => proprio?.length === 7)));
    expect(sight.proprio).toHaveLength(7);
    expect(sight.proprio!.slice(2).every(Number.isFinite)).toBe(true);
  });

  it('frames are dated by our own clock, within what asking the robot for its time allows', async () => {
    const robot = await find(rig);
    await expect.poll(() => robot.stamps.robotTime(clock.now()), { timeout: 20_000 }).toBeGreaterThan(0);
    const ages = await firstValueFrom(
      robot.senses.sights$.pipe(
        map(({ timeMs }) => clock.now() - timeMs),
        where((ageMs) => ageMs < 300),
      ),
    );
    expect(ages).toBeGreaterThan(-20);
  });
});

describeRos('commands of every type, as rospy reads them', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig?.stop());

  it('TwistStamped, with the time of the robot', async () => {
    const axes = { 'linear.x': { high: 0.5, rate: 10 } };
    const actions = { topic: '/cmd_vel_stamped', type: 'geometry_msgs/TwistStamped', axes };
    const made = await driving(rig, wanting([0.25]), { actions });
    await arm(made);
    const { arrivals } = await rig.until(({ arrivals }) => arrivals['/cmd_vel_stamped'].some((one) => !isRest(one)));
    const { message, wallMs } = arrivals['/cmd_vel_stamped'].find((one) => !isRest(one))!;
    const { secs, nsecs } = message.header.stamp;
    expect(Math.abs(secs * 1000 + nsecs / 1e6 - wallMs)).toBeLessThan(5000);
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
    expect(points[0]!.time_from_start.secs + points[0]!.time_from_start.nsecs).toBeGreaterThan(0);
    await made.stop();

    const array = { topic: '/arm/positions', type: 'std_msgs/Float64MultiArray', axes };
    const other = await driving(rig, wanting([0.5, -0.5]), { actions: array });
    await arm(other);
    await rig.until(({ arrivals }) => arrivals['/arm/positions'].some(({ message }) => reached(message.data)));
  });

  it.each([
    [
      { cameras: { front: { topic: '/joint_states' } } },
      /must be a sensor_msgs\/Image or sensor_msgs\/CompressedImage, got sensor_msgs\/JointState/,
    ],
    [
      { cameras: { front: { topic: '/cam/image_rav' } } },
      /nobody publishes \/cam\/image_rav; did you mean \/cam\/image_raw\?/,
    ],
    [
      { actions: { ...robotOf().actions, topic: '/cmd_velo' } },
      /nobody subscribes to \/cmd_velo; did you mean \/cmd_vel\?/,
    ],
  ])('what does not fit is refused in one line: %o', async (changes, message) => {
    const robot = await find(rig, changes);
    expect(() => robot.drive()).toThrow(message);
  });
});

describeRos('a bridge behind a lock', () => {
  const withRig = async (options: RigOptions) => {
    const rig = await startRig(options);
    ends.push(() => rig.stop());
    return rig;
  };

  it('wss with an authority of its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ros-tls-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const { cert, key } = selfSigned();
    const [certificate, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certificate, cert);
    writeFileSync(keyFile, key);
    const rig = await withRig({ tls: { certificate, key: keyFile } });
    const robot = await find(rig, {}, { ca: certificate });
    expect(robot.discovery.version).toBe(1);
  });

  it('a token in the header', async () => {
    const rig = await withRig({ token: 'open-sesame' });
    const robot = await find(rig, { ros: { token: 'open-sesame' } });
    expect(robot.discovery.all.has('/cmd_vel')).toBe(true);
  });
});
