import { firstValueFrom, map, ReplaySubject, take, toArray, filter as where } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeRos } from './describe-ros.ts';
import { clock, ends, find, PATIENCE } from './driving.ts';
import { frameNumber } from './frame-number.ts';
import { type Rig, startRig } from './rig.ts';

describeRos('what the robot shows, with the faults of the real server', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: true, hz: 19.3 }); // its pictures drift past the joint state that has a NaN
  });
  afterAll(() => rig?.stop());

  it.each([
    ['raw', { topic: '/cam/image_raw' }],
    ['raw, as bytes of ROS', { topic: '/cam/image_raw', compression: 'cbor-raw' }],
    ['raw, as text', { topic: '/cam/image_raw', compression: 'none' }],
    ['jpeg', { topic: '/cam/image_raw/compressed' }],
  ])('pictures, newest last: %s', async (_, camera) => {
    const robot = await find(rig, { cameras: { front: camera } });
    const numbers$ = robot.senses.sights$.pipe(map(({ frames }) => frameNumber(frames.front!)));
    const numbers = await firstValueFrom(numbers$.pipe(take(8), toArray()));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers.at(-1)! - numbers[0]!).toBeLessThan(200);
    const { in: came, used, dropped, bad } = robot.senses.counts().front!;
    expect(bad).toBe(0);
    expect(came - used - dropped).toBeLessThanOrEqual(2);
  });

  it('pictures again after the bridge was away', async () => {
    const robot = await find(rig);
    const numbers$ = new ReplaySubject<number>(1);
    const seen = robot.senses.sights$.subscribe(({ frames }) => numbers$.next(frameNumber(frames.front!)));
    ends.push(() => seen.unsubscribe());
    await firstValueFrom(numbers$);
    await rig.restart('bridge');
    await expect.poll(() => robot.bridge.counts.connections, PATIENCE).toBeGreaterThan(1);
    await expect.poll(() => robot.bridge.connected, PATIENCE).toBe(true);
    const last = await firstValueFrom(numbers$);
    await firstValueFrom(numbers$.pipe(where((number) => number > last + 5)));
  });

  it('depth as grey', async () => {
    const robot = await find(rig, { cameras: { front: { topic: '/cam/depth', depth: { nearM: 0.1, farM: 10 } } } });
    const { frames } = await firstValueFrom(robot.senses.sights$);
    const { data } = frames.front!;
    expect(data.every((value, i) => value === data[i - (i % 3)])).toBe(true);
    expect(data.some((value) => value > 0)).toBe(true);
  });

  it('odometry, and behind it joints by name, a NaN as NaN and never as 0', async () => {
    const robot = await find(rig, {
      joints: { topic: '/joint_states', names: ['wrist', 'shoulder'] },
      odometry: { topic: '/odom' },
    });
    await rig.call('/robot/enable', { data: true });
    const proprio$ = robot.senses.sights$.pipe(
      map(({ proprio }) => proprio),
      where((proprio) => proprio?.length === 7),
    );
    const broken = await firstValueFrom(proprio$.pipe(where((proprio) => Number.isNaN(proprio![5]))));
    expect([...broken!.slice(0, 5), broken![6]!].every(Number.isFinite)).toBe(true);
    const whole = await firstValueFrom(proprio$.pipe(where((proprio) => !Number.isNaN(proprio![5]))));
    expect(whole!.every(Number.isFinite)).toBe(true);
  });

  it('a joint that nobody has is named, and the robot is silent', async () => {
    const told: string[] = [];
    const onEvent = (kind: string, what: string) => told.push(`${kind}: ${what}`);
    const robot = await find(rig, { joints: { topic: '/joint_states', names: ['elbow', 'tail'] } }, { onEvent });
    await expect
      .poll(() => told, PATIENCE)
      .toContain('bad message: /joint_states: name must hold "tail", got "shoulder", "elbow", "wrist"');
    expect(await firstValueFrom(robot.senses.silent$)).toBe(true);
  });

  it('a robot that measures nothing any more is silent', async () => {
    const robot = await find(rig, { odometry: { topic: '/odom' } });
    await firstValueFrom(robot.senses.silent$.pipe(where((silent) => !silent)));
    await rig.pause('robot');
    await firstValueFrom(robot.senses.silent$.pipe(where(Boolean)));
    rig.resume('robot');
    await firstValueFrom(robot.senses.silent$.pipe(where((silent) => !silent)));
  });

  it('frames are dated by our own clock, within what asking the robot for its time allows', async () => {
    const robot = await find(rig);
    await expect.poll(() => robot.stamps.robotTime(clock.now()), PATIENCE).toBeGreaterThan(0);
    const ages$ = robot.senses.sights$.pipe(map(({ timeMs }) => clock.now() - timeMs));
    const ages = await firstValueFrom(ages$.pipe(take(20), toArray()));
    expect(Math.min(...ages)).toBeGreaterThan(-50);
    expect(Math.min(...ages)).toBeLessThan(300);
  });
});
