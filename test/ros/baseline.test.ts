import { type Ros, Topic } from 'roslib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Arrival, after, agesMs, isRest, mostWithin, staleAfter, type Twist } from './arrivals.ts';
import { describeRos } from './describe-ros.ts';
import { monotonicMs } from './monotonic.ts';
import { type Rig, startRig } from './rig.ts';
import { openRoslib, twist } from './stock-roslib.ts';

const PERIOD_MS = 50;
const N = 60;

/** What stock roslib does to a robot on a bad link: what our driver must beat. */
describeRos('stock roslib on a bad link', () => {
  let rig: Rig;
  let ros: Ros;
  let commands: Topic;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  beforeEach(async () => {
    ros = await openRoslib(rig.url);
    commands = new Topic({ ros, name: '/cmd_vel', messageType: 'geometry_msgs/Twist' });
    commands.advertise();
    await rig.until(({ publishers }) => publishers['/cmd_vel'] > 0);
    commands.publish(twist(0.2));
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].length > 0);
    await rig.dump();
  });
  afterEach(() => ros.close());
  afterAll(() => rig.stop());

  /** Drives on for some periods; every command carries the moment it was sent in an axis that the robot does not have. */
  async function drive(count: number) {
    for (let i = 0; i < count; i++) {
      commands.publish({ ...twist(0.2), angular: { x: monotonicMs(), y: 0, z: 0 } });
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    }
  }
  /** All that comes, up to a rest that is said last. */
  async function untilRest() {
    commands.publish(twist(0));
    await rig.until(({ arrivals }) => arrivals['/cmd_vel'].some(isRest));
    return (await rig.dump()).arrivals['/cmd_vel'];
  }
  /** How many different ones: a server may say one twice to who connects just then. */
  const kinds = (stale: readonly Arrival<Twist>[]) => new Set(stale.map(({ message }) => sentMs(message))).size;
  const sentMs = ({ angular }: Twist) => angular.x;

  it('sees nothing of a frozen bridge, and lets every stale command through', async () => {
    const frozenMs = await rig.pause('bridge');
    await drive(N);
    expect(ros.isConnected).toBe(true);
    const thawedMs = rig.resume('bridge');
    const arrivals = await untilRest();
    const stale = staleAfter(arrivals, thawedMs);
    expect(after(arrivals, frozenMs)).toHaveLength(N + 1);
    expect(kinds(stale)).toBe(N);
    expect(Math.max(...agesMs(stale, sentMs))).toBeGreaterThan((N / 2) * PERIOD_MS);
    report('frozen bridge', stale);
  });

  it('keeps all that was said without a link, and says it all at the next', async () => {
    const gone = new Promise((resolve) => ros.once('close', resolve));
    await rig.kill('bridge');
    await gone;
    await drive(N);
    await rig.restart('bridge');
    const restartedMs = monotonicMs();
    await ros.connect(rig.url);
    const stale = staleAfter(await untilRest(), restartedMs);
    expect(kinds(stale)).toBe(N);
    report('killed bridge', stale);
  });

  /** The figures, for the log: how many, how fast, how old. */
  function report(what: string, stale: readonly Arrival<Twist>[]) {
    const spreadMs = stale.at(-1)!.monotonicMs - stale[0]!.monotonicMs;
    const oldestMs = Math.max(...agesMs(stale, sentMs));
    console.info(
      `stock roslib, ${what}: ${kinds(stale)} of ${N} commands came stale, within ${spreadMs.toFixed(0)} ms ` +
        `(${mostWithin(stale, 20)} within 20 ms), the oldest ${(oldestMs / 1e3).toFixed(2)} s old`,
    );
  }
});
