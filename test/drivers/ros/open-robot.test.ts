import { Subject } from 'rxjs';
import { afterEach, describe, expect, test } from 'vitest';
import { rosBridge } from '../../../sim/ros/bridge.ts';
import type { Action, Observation } from '../../../src/drivers/driver.ts';
import type { RobotConfigInput } from '../../../src/drivers/ros/config.ts';
import { findRobot, type OpenRobotOptions } from '../../../src/drivers/ros/open-robot.ts';
import { LinkLost } from '../../../src/errors.ts';
import { seeded } from '../../../src/random.ts';
import { dotActions, dotConfig, simulatedRobot } from './simulated.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Given = {
  readonly version?: 1 | 2;
  readonly config?: Partial<RobotConfigInput>;
  readonly serve?: Parameters<typeof simulatedRobot>[1];
  readonly options?: Partial<OpenRobotOptions>;
};

/** A simulated robot, found; and what to wait for it with. */
async function rig({ version = 1, config = {}, serve = {}, options = {} }: Given = {}) {
  const robot = await simulatedRobot(version, serve);
  ends.push(() => robot.close());
  const events: string[] = [];
  const found = await findRobot({
    config: await dotConfig(config),
    url: robot.url,
    clock: robot.clock,
    random: seeded(1),
    wallMs: () => 1.7e12,
    onEvent: (kind, what) => events.push(`${kind}: ${what}`),
    ...options,
  });
  ends.push(() => found.close());
  return { ...robot, found, events };
}

/** Polls, which is all that a robot's log allows. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Drives it: what is seen, and a way to send. */
function driving({ found }: Awaited<ReturnType<typeof rig>>) {
  const driven = found.drive();
  const actions$ = new Subject<Action>();
  const seen: Observation[] = [];
  const states: string[] = [];
  driven.link.state$.subscribe((state) => states.push(state));
  const subscription = driven.driver.connect(actions$).subscribe((observation) => seen.push(observation));
  ends.push(() => driven.close());
  return { driven, actions$, seen, states, subscription };
}

describe('nothing is left open', () => {
  const open = () => process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Timeout|MessagePort|Worker/.test(kind));

  test('after a drive, or when nothing is found', async () => {
    const config = await dotConfig();
    const before = open();
    const robot = await simulatedRobot(1);
    const options = { config, clock: robot.clock, random: seeded(1), wallMs: () => 0 };
    const found = await findRobot({ ...options, url: robot.url });
    const driven = found.drive();
    await until(() => driven.link.state === 'up' && found.stamps.robotTime(0) !== undefined);
    expect(open().length).toBeGreaterThan(before.length);
    expect(await driven.close()).toBe(true);
    await robot.close();
    await expect(findRobot({ ...options, url: robot.url, patienceMs: 100 })).rejects.toThrow(LinkLost);
    await until(() => open().length <= before.length); // the wait's own timer is gone when it looks
    expect(open()).toEqual(before);
  });
});

describe.each([1, 2] as const)('a ROS %i robot', (version) => {
  test('is seen, each frame dated by our clock, with the action then in force', async () => {
    const made = await rig({ version });
    const { clock, robot } = made;
    const beganMs = clock.now();
    const { seen, actions$, driven } = driving(made);
    await until(() => driven.link.state === 'up' && seen.length >= 3);
    actions$.next([0.5, -0.25]);
    const before = seen.length;
    await until(() => seen.length >= before + 3);
    const times = seen.map(({ timeMs }) => timeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(beganMs - 1000);
    expect(times.at(-1)).toBeLessThanOrEqual(clock.now());
    expect(new Set(times).size).toBe(times.length);
    expect(seen[0]!.action).toEqual([0, 0]);
    expect(seen.at(-1)!.action).toEqual([0.5, -0.25]);
    const { frames, proprio } = seen.at(-1)!;
    expect(frames.camera).toMatchObject({ width: 1, height: 1 });
    expect(frames.camera!.data[0]).toBeGreaterThanOrEqual(Math.round(0.25 * 255));
    expect(proprio).toHaveLength(5);
    expect(robot.action).toEqual([0.5, -0.25]);
  });

  test('hears rest first, then what it is told, then rest, and that is acknowledged', async () => {
    const made = await rig({ version });
    const { robot, graph } = made;
    expect(robot.commands).toBe(0);
    const { actions$, driven } = driving(made);
    await until(() => driven.link.state === 'up');
    actions$.next([0.5, 0.25]);
    await until(() => robot.action[0] === 0.5);
    expect(await driven.close()).toBe(true);
    const heard = robot.arrivals().map(({ action }) => action);
    expect(heard[0]).toEqual([0, 0]);
    expect(heard.filter(([x]) => x !== 0)).toEqual([[0.5, 0.25]]);
    expect(heard.at(-1)).toEqual([0, 0]);
    await until(() => graph.publishers('/cmd_vel').length === 0);
  });
});

describe('a robot', () => {
  test('is told nothing by being looked at', async () => {
    const { robot, found, graph } = await rig();
    let seen = 0;
    found.senses.sights$.subscribe(() => seen++);
    await until(() => seen >= 3);
    expect({ commands: robot.commands, publishers: graph.publishers('/cmd_vel') }).toEqual({
      commands: 0,
      publishers: [],
    });
  });

  test('that says stop is heard; what is no stop is not', async () => {
    const { graph, found } = await rig();
    const stops: string[] = [];
    found.eStop$.subscribe((by) => stops.push(by));
    await until(() => graph.subscribers('/e_stop').length === 2);
    const button = graph.advertise('/button', '/e_stop', 'std_msgs/Bool');
    button.publish({ data: false });
    button.publish({ data: true });
    await until(() => stops.length > 0);
    expect(stops).toEqual(['the topic /e_stop']);
  });

  test('whose commands are of another type may be looked at, but not driven', async () => {
    const { found, robot } = await rig({ config: { actions: { topic: '/odom', ...dotActions } } });
    expect(() => found.drive()).toThrow(LinkLost);
    expect(() => found.drive()).toThrow('commands: /odom must be a geometry_msgs/Twist, got nav_msgs/Odometry');
    expect(robot.commands).toBe(0);
  });

  test('that goes and comes back is found again, and hears rest first', async () => {
    const made = await rig();
    const { actions$, driven, states, seen } = driving(made);
    await until(() => driven.link.state === 'up' && seen.length > 0);
    actions$.next([0.5, 0]);
    const holds: boolean[] = [];
    driven.holds$.subscribe(({ reason, on }) => reason === 'link lost' && holds.push(on));
    await made.bridge.close();
    await until(() => driven.link.state !== 'up');
    expect(driven.link.command({ topic: '/cmd_vel', msg: {} }, false)).toBe(false);
    const heard: number[] = [];
    made.graph.subscribe('/log', '/cmd_vel', ['geometry_msgs/Twist'], ({ linear }) => {
      heard.push((linear as { x: number }).x);
    });
    const again = await rosBridge({ graph: made.graph, port: made.bridge.port });
    ends.push(() => again.close());
    await until(() => driven.link.state === 'up' && made.found.bridge.connected);
    const before = seen.length;
    await until(() => seen.length > before);
    expect(seen.at(-1)!.action).toEqual([0, 0]);
    expect(heard[0]).toEqual(0);
    expect(heard.filter((x) => x !== 0)).toEqual([]);
    expect(states.slice(0, 3)).toEqual(['connecting', 'greeting', 'up']);
    expect(holds[0]).toBe(false);
    expect(holds.at(-1)).toBe(false);
    expect(holds).toContain(true);
    expect(made.events.some((event) => /^link lost: /.test(event))).toBe(true);
  });

  test('behind a bridge that asks for auth, and for a token, is driven', async () => {
    const auth = { mac: 'secret', client: '', dest: '', rand: '', t: 0, level: '', end: 0 };
    const serve = { auth: { mac: 'secret', token: 'word' } };
    const made = await rig({ config: { ros: { auth, token: 'word' } }, serve });
    const { driven, seen } = driving(made);
    await until(() => driven.link.state === 'up' && seen.length > 0);
    expect(made.robot.arrivals()[0]?.action).toEqual([0, 0]);
    const options = { url: made.url, clock: made.clock, random: seeded(1), wallMs: () => 0, patienceMs: 300 };
    await expect(findRobot({ ...options, config: await dotConfig() })).rejects.toThrow(
      /Unexpected server response: 401/,
    );
  });
});
