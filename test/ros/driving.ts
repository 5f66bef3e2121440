import { map } from 'rxjs';
import { afterEach, expect } from 'vitest';
import type { Motion } from '../../src/agent/act.ts';
import { type Drive, type DriveOptions, drive } from '../../src/agent/drive.ts';
import type { Mind } from '../../src/agent/mind.ts';
import { realClock } from '../../src/clock.ts';
import { checkRobotConfig, type RobotConfig } from '../../src/drivers/ros/config.ts';
import { type FoundRobot, findRobot, type OpenRobotOptions } from '../../src/drivers/ros/open-robot.ts';
import { seeded } from '../../src/random.ts';
import { isRest } from './arrivals.ts';
import type { Dump, Rig } from './rig.ts';

export const clock = realClock();

/** What a test leaves open is closed after it, the newest first. */
export const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** So long may it take on a busy machine. */
export const PATIENCE = { timeout: 20_000, interval: 20 } as const;

export const twistAxes = {
  'linear.x': { high: '0.5 m/s', rate: '2 m/s^2' },
  'angular.z': { high: '1 rad/s', rate: '4 rad/s^2' },
} as const;

/** The rig's robot as a user would write it down. */
export const configOf = (changes: Record<string, unknown> = {}): Promise<RobotConfig> =>
  checkRobotConfig(
    {
      name: 'rig',
      cameras: { front: { topic: '/cam/image_raw' } },
      actions: { topic: '/cmd_vel', type: 'geometry_msgs/Twist', axes: twistAxes },
      safety: { eStop: { topic: '/e_stop' } },
      ...changes,
    },
    { path: 'rig' },
  );

/** Where the robot's time is not known, commands are stamped with this: it must not be seen. */
export const WRONG_WALL_MS = 1e12;

export async function find(
  { url }: Rig,
  changes: Record<string, unknown> = {},
  more: Partial<OpenRobotOptions> = {},
): Promise<FoundRobot> {
  const config = await configOf(changes);
  const wallMs = () => WRONG_WALL_MS;
  const robot = await findRobot({ config, url, clock, random: seeded(1), wallMs, size: 64, ...more });
  ends.push(() => robot.close());
  return robot;
}

/** Always wants this much, whatever it sees. */
export const wanting =
  (action: readonly number[]): Mind =>
  (seen$) =>
    seen$.pipe(map(({ timeMs }): Motion => ({ timeMs, periodMs: 100, actions: Array(10).fill(action) })));

export async function driving(
  rig: Rig,
  mind: DriveOptions['mind'],
  changes: Record<string, unknown> = {},
): Promise<Drive> {
  const robot = await find(rig, changes);
  const made = drive({ robot, config: await configOf(changes), mind, clock });
  ends.push(() => made.stop());
  return made;
}

/** Arms as soon as it may be. */
export async function arm({ interlock }: Drive): Promise<void> {
  await expect.poll(async () => (await interlock.arm('test')).done, PATIENCE).toBe(true);
}

export const moves = ({ arrivals }: Dump) => arrivals['/cmd_vel'].some((one) => !isRest(one));
export const rests = ({ arrivals }: Dump) => arrivals['/cmd_vel'].some(isRest);

/** Velocities that come from now on, until there are so many. */
export async function nextVelocities(rig: Rig, count: number) {
  await rig.dump();
  await rig.until(({ arrivals }) => arrivals['/cmd_vel'].length >= count);
  return (await rig.dump()).arrivals['/cmd_vel'];
}
