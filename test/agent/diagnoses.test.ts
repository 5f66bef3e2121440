import { map } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { rosBridge } from '../../sim/ros/bridge.ts';
import type { Motion } from '../../src/agent/act.ts';
import { diagnoses } from '../../src/agent/diagnoses.ts';
import { type Drive, drive } from '../../src/agent/drive.ts';
import type { Mind } from '../../src/agent/mind.ts';
import type { ThoughtReport } from '../../src/agent/wire.ts';
import { realClock } from '../../src/clock.ts';
import { type FoundRobot, findRobot } from '../../src/drivers/ros/open-robot.ts';
import { seeded } from '../../src/random.ts';
import { dotConfig, simulatedRobot } from '../drivers/ros/simulated.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const eager: Mind = (seen$) =>
  seen$.pipe(map(({ timeMs }): Motion => ({ timeMs, periodMs: 50, actions: Array(20).fill([0.1, 0]) })));
const clock = realClock();

async function begin() {
  const served = await simulatedRobot(2);
  ends.push(served.close);
  const config = await dotConfig();
  const found = await findRobot({ config, url: served.url, clock, random: seeded(1), wallMs: Date.now, size: 1 });
  const made = drive({ robot: found, config, clock, mind: eager });
  ends.push(() => made.stop());
  return { served, found, made };
}

/** What is said of one part just now. */
function said(about: string, found: FoundRobot, made: Drive, thought?: ThoughtReport) {
  const { robot, watch, interlock: lock, log, verdict } = made;
  const all = diagnoses({ found, robot, watch, lock, log, verdict, thought, nowMs: clock.now() });
  return all.find(({ name }) => name === `premotor: ${about}`)!;
}
const soon = (look: () => unknown) => expect.poll(look, { timeout: 20_000, interval: 10 });

test('of safety: the reason that holds, in its own words, and how often what happened', async () => {
  const { found, made } = await begin();
  await soon(() => said('safety', found, made)).toMatchObject({
    level: 'warn',
    message: 'disarmed: nobody has armed the robot',
    values: { reason: 'disarmed', armed: 'false', 'e-stop': 'false', epoch: '0' },
  });
  await soon(async () => (await made.interlock.arm('test')).done).toBe(true);
  await soon(() => said('safety', found, made)).toMatchObject({
    level: 'ok',
    message: expect.stringMatching(/^moving \((as wished|rate-limited)\)$/),
    values: { armed: 'true', 'times armed': '1', 'times moving': expect.any(String) },
  });
  made.interlock.press('test');
  await soon(() => said('safety', found, made)).toMatchObject({
    level: 'error',
    message: expect.stringMatching(/^e-stop: the e-stop is pressed/),
    values: { armed: 'false', 'e-stop': 'true', epoch: '1', 'times e-stop pressed': '1' },
  });
});

test('of link and camera: that they are well; and when they are not, why', async () => {
  const { served, found, made } = await begin();
  await soon(() => [said('link', found, made).level, said('camera', found, made).level]).toEqual(['ok', 'ok']);
  const { values } = said('camera', found, made);
  expect(Number(values.used)).toBeGreaterThan(0);
  expect(Object.keys(values)).toEqual(expect.arrayContaining(['rejected', 'camera: in', 'camera: bad']));
  const { port } = new URL(served.url);
  await served.bridge.close();
  await soon(() => said('link', found, made)).toMatchObject({
    level: 'error',
    message: expect.stringMatching(/^(down|connecting): .+/),
  });
  await soon(() => said('camera', found, made)).toMatchObject({
    level: 'error',
    message: 'stale frame: the newest frame is too old',
  });
  const again = await rosBridge({ graph: served.graph, port: Number(port) });
  ends.push(() => again.close());
  await soon(() => [said('link', found, made).level, said('camera', found, made).level]).toEqual(['ok', 'ok']);
  expect(Number(said('link', found, made).values.connections)).toBeGreaterThan(1);
});

test('of the mind: what its last plan took, while that is news', async () => {
  const { found, made } = await begin();
  expect(said('mind', found, made)).toMatchObject({ level: 'stale', message: 'no plan of late', values: {} });
  const thought = { elapsedMs: 41.6, refinements: 7, costs: [], distance: 0.123456, seenMs: [] };
  expect(said('mind', found, made, { ...thought, timeMs: clock.now() })).toMatchObject({
    level: 'ok',
    message: 'a plan took 42 ms',
    values: { 'plan ms': '41.6', refinements: '7', distance: '0.123' },
  });
  expect(said('mind', found, made, { ...thought, timeMs: clock.now() - 5000 })).toMatchObject({ level: 'stale' });
});

test('they are published once a second, and every field is what its type says', async () => {
  const notes: string[] = [];
  const served = await simulatedRobot(2, { onNote: (line) => notes.push(line) });
  ends.push(served.close);
  const heard: { status: { name: string; level: number; values: unknown[] }[] }[] = [];
  served.graph.subscribe('/test', '/diagnostics', ['diagnostic_msgs/DiagnosticArray'], (message) =>
    heard.push(message as never),
  );
  const config = await dotConfig();
  const robot = await findRobot({ config, url: served.url, clock, random: seeded(1), wallMs: Date.now, size: 1 });
  const made = drive({ robot, config, clock, mind: eager });
  ends.push(() => made.stop());
  await soon(() => heard.length).toBeGreaterThan(1);
  expect(heard[1]!.status.map(({ name }) => name)).toEqual([
    'premotor: safety',
    'premotor: link',
    'premotor: camera',
    'premotor: mind',
  ]);
  expect(notes).toEqual([]);
});
