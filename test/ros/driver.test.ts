import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Drive } from '../../src/agent/drive.ts';
import { type Arrival, after, isRest, staleAfter, type Twist } from './arrivals.ts';
import { describeRos } from './describe-ros.ts';
import { arm, driving, ends, moves, nextVelocities, PATIENCE, rests, wanting } from './driving.ts';
import { monotonicMs } from './monotonic.ts';
import { type Rig, startRig } from './rig.ts';

const FROZEN_MS = 3000;
/** What this process may be late to notice. */
const NOTICED_MS = 250;

describeRos('our driver, judged by what rospy received', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  afterAll(() => rig?.stop());

  it('says nothing but rest until it is armed, and then what is wanted, within its limits', async () => {
    const made = await driving(rig, wanting([9, 0.2]));
    const disarmed = await nextVelocities(rig, 20);
    expect(disarmed.every(isRest)).toBe(true);

    await arm(made);
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].some(({ message }) => message.linear.x === 0.5));
    const risen = (await rig.dump()).arrivals['/cmd_vel'].map(({ message }) => message);
    expect(risen.every(within)).toBe(true);
    const steps = risen.slice(1).map(({ linear }, i) => linear.x - risen[i]!.linear.x);
    expect(Math.max(...steps)).toBeLessThanOrEqual(2 * 0.2 + 1e-9); // 2 m/s^2 over the longest step that counts
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);

    const steady = await nextVelocities(rig, 60);
    expect(steady.every(({ message }) => within(message))).toBe(true);
  });

  it('an e-stop leaves rest only, until its own reset and arming', async () => {
    const made = await armed();
    const { epoch } = made.interlock.press('test');
    await onlyRests();
    expect((await made.interlock.arm('test')).done).toBe(false);
    expect(made.interlock.reset(epoch - 1, 'test').done).toBe(false);
    await onlyRests();
    expect(made.interlock.reset(epoch, 'test').done).toBe(true);
    await onlyRests();
    await arm(made);
    await rig.until(moves);
  });

  it("the robot's own e-stop does the same, also when it is let go again", async () => {
    const made = await armed();
    await rig.call('/robot/e_stop', { data: true });
    await expect.poll(() => made.interlock.state.pressed, PATIENCE).toBe(true);
    await onlyRests();
    await rig.call('/robot/e_stop', { data: false });
    await onlyRests();
    expect(made.log.events.some(({ kind, by }) => kind === 'e-stop pressed' && by === 'the topic /e_stop')).toBe(true);
    expect(made.interlock.reset(made.interlock.state.epoch, 'test').done).toBe(true);
    await arm(made);
    await rig.until(moves);
  });

  it('the last word is rest, and it is acknowledged', async () => {
    const made = await armed();
    expect(await made.stop()).toBe(true);
    await rig.until(({ arrivals }) => isRest(arrivals['/cmd_vel'].at(-1)!));
    await rig.dump();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await rig.dump()).arrivals['/cmd_vel'].every(isRest)).toBe(true);
  });

  it('nonsense from the mind leaves as rest, and nothing else does', async () => {
    const made = await driving(rig, wanting([Number.NaN, 0.1]));
    await arm(made);
    await expect.poll(() => made.verdict?.reason, PATIENCE).toBe('not finite'); // once the connection's first second is over
    expect((await nextVelocities(rig, 20)).every(isRest)).toBe(true);
  });

  it('a bridge that freezes: one command at most is left behind, then rest, then motion by itself', async () => {
    const made = await armed();
    await rig.pause('bridge');
    await expect.poll(() => made.robot.link.state, PATIENCE).not.toBe('up');
    await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
    await rig.dump();
    const thawedMs = rig.resume('bridge');
    await rig.until(({ arrivals }) => resumed(after(arrivals['/cmd_vel'], thawedMs)));
    const late = after((await rig.dump()).arrivals['/cmd_vel'], thawedMs);
    const stale = staleAfter(beforeRest(late), thawedMs);
    report('frozen', stale.length, firstMotionMs(late, thawedMs));
    expect(stale.length).toBeLessThanOrEqual(1);
  });

  it('a bridge that dies and comes back: no stale command, advertised and subscribed anew', async () => {
    const made = await armed();
    const frames = () => made.watch.counts.used;
    await rig.kill('bridge');
    await expect.poll(() => made.robot.link.state, PATIENCE).not.toBe('up');
    await rig.dump();
    const backMs = monotonicMs();
    await rig.restart('bridge');
    const seen = frames();
    await rig.until(({ arrivals }) => resumed(after(arrivals['/cmd_vel'], backMs)));
    const late = after((await rig.dump()).arrivals['/cmd_vel'], backMs);
    report('killed', beforeRest(late).length, firstMotionMs(late, backMs));
    expect(beforeRest(late)).toEqual([]);
    await expect.poll(frames, PATIENCE).toBeGreaterThan(seen + 5);
  });

  it('a robot that dies and comes back: rest until its camera is seen again, then motion by itself', async () => {
    const made = await armed();
    await rig.kill('robot');
    await expect.poll(() => made.verdict?.reason, PATIENCE).toBe('stale frame');
    const backMs = monotonicMs();
    let movingMs = Number.POSITIVE_INFINITY; // when the driver has seen the camera again
    const watching = setInterval(() => {
      if (made.verdict?.reason !== 'stale frame') movingMs = Math.min(movingMs, monotonicMs());
    }, 1);
    ends.push(() => clearInterval(watching));
    await rig.restart('robot');
    await rig.until(({ arrivals }) => after(arrivals['/cmd_vel'], backMs).some((one) => !isRest(one)));
    const late = after((await rig.dump()).arrivals['/cmd_vel'], backMs);
    const first = late.find((one) => !isRest(one))!.monotonicMs;
    expect(first).toBeGreaterThan(movingMs - NOTICED_MS); // a robot that listens late may miss the rests before
  });

  /** Armed, and seen to move. */
  async function armed(): Promise<Drive> {
    const made = await driving(rig, wanting([0.3, 0]));
    ends.push(() => made.interlock.disarm('test', 'the test is over'));
    await arm(made);
    await rig.dump();
    await rig.until(moves);
    return made;
  }

  /** From the first rest on. */
  async function onlyRests() {
    await rig.dump();
    await rig.until(rests);
    const arrivals = (await rig.dump()).arrivals['/cmd_vel'];
    expect(arrivals.slice(arrivals.findIndex(isRest)).every(isRest)).toBe(true);
    expect((await nextVelocities(rig, 10)).every(isRest)).toBe(true);
  }
});

const within = ({ linear, angular }: Twist) =>
  linear.x >= 0 && linear.x <= 0.5 && angular.z >= 0 && angular.z <= 0.2 && linear.y === 0 && linear.z === 0;

const beforeRest = (arrivals: readonly Arrival<Twist>[]) => arrivals.slice(0, arrivals.findIndex(isRest));

const _middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Rest has come, and motion after it. */
const resumed = (arrivals: readonly Arrival<Twist>[]) => {
  const rest = arrivals.findIndex(isRest);
  return rest >= 0 && arrivals.slice(rest).some((one) => !isRest(one));
};

const firstMotionMs = (arrivals: readonly Arrival<Twist>[], sinceMs: number) =>
  arrivals.slice(arrivals.findIndex(isRest)).find((one) => !isRest(one))!.monotonicMs - sinceMs;

/** For the log, beside what `baseline.test.ts` measures of stock roslib: 60 of 60. */
function report(what: string, stale: number, movedMs: number) {
  console.info(`our driver, ${what} bridge: ${stale} stale, moving again ${movedMs.toFixed(0)} ms after`);
}
