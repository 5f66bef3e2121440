import { map, NEVER, type Observable } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Motion } from '../../src/agent/act.ts';
import { type Drive, type DriveOptions, drive } from '../../src/agent/drive.ts';
import type { Mind } from '../../src/agent/mind.ts';
import { realClock } from '../../src/clock.ts';
import type { Observation } from '../../src/drivers/driver.ts';
import type { RobotConfigInput } from '../../src/drivers/ros/config.ts';
import { findRobot } from '../../src/drivers/ros/open-robot.ts';
import { seeded } from '../../src/random.ts';
import { dotConfig, simulatedRobot } from '../drivers/ros/simulated.ts';
import { dotFrame } from '../support/dot.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const eager: Mind = (seen$: Observable<Observation>) =>
  seen$.pipe(map(({ timeMs }): Motion => ({ timeMs, periodMs: 50, actions: Array(20).fill([0.1, 0]) })));
const absent: Mind = () => NEVER;

type Served = Awaited<ReturnType<typeof simulatedRobot>>;

async function serve(): Promise<Served> {
  const served = await simulatedRobot(2);
  ends.push(served.close);
  return served;
}

async function begin(
  served: Served,
  options: Partial<DriveOptions> = {},
  changes: Partial<RobotConfigInput> = {},
): Promise<Drive> {
  const config = await dotConfig(changes);
  const clock = realClock();
  const robot = await findRobot({ config, url: served.url, clock, random: seeded(1), wallMs: Date.now, size: 1 });
  const made = drive({ robot, config, clock, mind: eager, ...options });
  ends.push(() => made.stop());
  return made;
}
const armed = (made: Drive) =>
  expect.poll(async () => (await made.interlock.arm('test')).done, { timeout: 20_000, interval: 20 }).toBe(true);
const refused = async (made: Drive) => {
  const answer = await made.interlock.arm('test');
  return answer.done ? [] : answer.refused;
};
const dotMind = (checkpoint: string) => ({
  load: { checkpoint },
  module: new URL('../support/dot-mind.ts', import.meta.url).href,
  goal: { frame: dotFrame([1, 1]) },
});

describe('a robot behind ROS, driven', () => {
  test('boots disarmed, each time: whatever the mind wants, rest is all that reaches the robot', async () => {
    const served = await serve();
    for (let time = 0; time < 100; time++) {
      const made = await begin(served);
      expect(made.interlock.state).toEqual({ armed: false, pressed: false, epoch: 0 });
      await expect.poll(() => made.robot.link.counts.rests, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
      expect(made.robot.link.counts.commands).toBe(made.robot.link.counts.rests);
      expect(await made.stop()).toBe(true);
    }
    expect(served.robot.arrivals().every(({ action }) => action.every((value) => value === 0))).toBe(true);
  });

  test('armed, it moves; pressed, it rests until a reset and arming; stopped, the last word is rest', async () => {
    const served = await serve();
    const made = await begin(served);
    await armed(made);
    await expect.poll(() => served.robot.action[0], { timeout: 20_000 }).toBeGreaterThan(0);
    const { epoch } = made.interlock.press('test');
    await expect.poll(() => served.robot.action[0], { timeout: 20_000 }).toBe(0);
    expect((await refused(made))[0]).toMatch(/the e-stop is pressed/);
    made.interlock.reset(epoch, 'test');
    await armed(made);
    await expect.poll(() => served.robot.action[0], { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await made.stop()).toBe(true);
    expect(served.robot.arrivals().at(-1)!.action).toEqual([0, 0]);
    const kinds = made.log.events.map(({ kind }) => kind);
    expect(kinds).toContain('moving');
    expect(made.log.events.filter(({ kind }) => kind === 'resting').every(({ reason }) => reason !== undefined)).toBe(
      true,
    );
  });

  test('held for longer than it may, it is disarmed', async () => {
    const served = await serve();
    const safety = { identicalMs: 'never' as const, resumeWithinMs: 300 };
    const made = await begin(served, {}, { safety });
    await armed(made);
    await served.bridge.close();
    await expect.poll(() => made.interlock.state.armed, { timeout: 20_000 }).toBe(false);
    expect(made.log.counts.get('disarmed')).toBe(1);
    const { why, timeMs } = made.log.events.find(({ kind }) => kind === 'disarmed')!;
    expect(why).toMatch(/held for too long/);
    const since = made.log.events.find(({ kind }) => kind === 'armed')!;
    expect(timeMs - since.timeMs).toBeLessThan(9000); // as configured, not after the usual 10 s
  });
});

describe('the e-stop topic', () => {
  test('stops the robot: it rests until a reset and arming, whatever the topic says meanwhile', async () => {
    const served = await serve();
    const topic = served.graph.advertise('/button', '/e_stop', 'std_msgs/Bool');
    ends.push(() => topic.close());
    const made = await begin(served);
    await armed(made);
    await expect.poll(() => served.robot.action[0], { timeout: 20_000 }).toBeGreaterThan(0);
    topic.publish({ data: false }); // it is no news that it is not pressed
    topic.publish({ data: true });
    await expect.poll(() => made.interlock.state.pressed, { timeout: 20_000 }).toBe(true);
    expect(made.interlock.state).toEqual({ armed: false, pressed: true, epoch: 1 });
    expect(made.log.events.find(({ kind }) => kind === 'e-stop pressed')!.by).toBe('the topic /e_stop');
    await expect.poll(() => served.robot.arrivals().at(-1)!.action[0], { timeout: 20_000 }).toBe(0);
    const still = served.robot.arrivals().length;
    topic.publish({ data: false });
    await expect.poll(() => served.robot.arrivals().length - still, { timeout: 20_000 }).toBeGreaterThan(5);
    expect(made.interlock.state.pressed).toBe(true);
    expect(await refused(made)).toEqual(['the e-stop is pressed: reset it first']);
    const after = served.robot.arrivals().slice(still);
    expect(after.every(({ action }) => action.every((value) => value === 0))).toBe(true);

    topic.publish({ data: true }); // pressed again: a reset of the first press is none of the second
    await expect.poll(() => made.interlock.state.epoch, { timeout: 20_000 }).toBe(2);
    expect(made.interlock.reset(1, 'test').done).toBe(false);
    expect(made.interlock.reset(2, 'test').done).toBe(true);
    await armed(made);
  });
});

describe('arming is refused', () => {
  test('without a driver that answers, and without a fresh frame', async () => {
    const served = await serve();
    const made = await begin(served);
    await armed(made);
    made.interlock.disarm('test');
    await served.bridge.close();
    await expect.poll(() => made.robot.link.state, { timeout: 20_000 }).not.toBe('up');
    await expect.poll(() => made.watch.fault(realClock().now()), { timeout: 20_000 }).toBe('stale frame');
    expect(await refused(made)).toEqual([
      'camera: stale frame',
      'driver and e-stop path: the bridge has not taken a rest',
    ]);
  });

  test('without a mind that is ready, and with another model than the one named', async () => {
    const served = await serve();
    const made = await begin(served, { mind: dotMind('well'), model: 'f00d'.repeat(16) });
    expect((await refused(made)).join()).toMatch(/mind: it is not ready/);
    await expect.poll(() => made.ready !== undefined, { timeout: 20_000 }).toBe(true);
    await expect
      .poll(async () => (await refused(made)).join(), { timeout: 20_000 })
      .toBe('mind: its model must be f00df00df00d, got none');
  });

  test('without limits', async () => {
    const served = await serve();
    const config = await dotConfig();
    const clock = realClock();
    const found = await findRobot({ config, url: served.url, clock, random: seeded(1), wallMs: Date.now, size: 1 });
    const boundless = { ...found.actionSpec, maxRate: [20, Number.POSITIVE_INFINITY] };
    const made = drive({ robot: { ...found, actionSpec: boundless }, config, clock, mind: absent });
    ends.push(() => made.stop());
    expect((await refused(made)).join()).toMatch(/limits: every axis must have a limit and a rate/);
  });
});

test('a mind that is lost for good: the run is over, the robot disarmed', async () => {
  const served = await serve();
  const made = await begin(served, { mind: dotMind('damaged') });
  expect((await made.over)?.message).toBe('checkpoint is damaged');
  expect(made.interlock.state.armed).toBe(false);
});
