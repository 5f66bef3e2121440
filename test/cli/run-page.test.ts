import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, listenTo } from '../page/listener.ts';
import { driving, simulated } from './ros.ts';

// The page of a robot that is being driven, in a real browser: what people press is what the robot does.

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

let robot: Awaited<ReturnType<typeof simulated>>;
let run: ReturnType<typeof driving>;
let browser: Browser;
let tab: Tab;
const complaints: string[] = [];

beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`no Chromium at ${executablePath}: install one, or name yours in CHROMIUM_PATH`);
  robot = await simulated('--rate', '20');
  const config = robot.config({ resumeWithinMs: 60_000 });
  run = driving('--url', robot.url, '--config', config, '--goal', robot.goal, '--json', '--port', '0');
  const [, url] = await run.says(/the page is at (http:\S+)/);
  browser = await chromium.launch({ executablePath, args });
  tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  tab.on('pageerror', (error) => complaints.push(error.message));
  await tab.goto(url!);
});
afterAll(async () => {
  run?.child.kill('SIGKILL');
  await browser?.close();
  await robot?.close();
});

const text = async (selector: string) =>
  ((await tab.locator(selector).first().textContent()) ?? '').replace(/\s+/g, ' ').trim();
const phase = (expected: string) => eventually(async () => expect(await text('.phase')).toBe(expected));
const moves = (since: number) => run.says(/^moving$/m, since);
const rests = (why: string, since: number) => run.says(new RegExp(`^resting: ${why}`, 'm'), since);
const now = () => run.text().length;
/** Rests that a busy machine makes by itself; it drives on from them by itself. */
const late = /^resting: (silence|stale frame) .*$/gm;

it('names the robot, and says that it is disarmed', async () => {
  await phase('Disarmed');
  expect(await text('h1')).toBe('premotor two-room');
  expect(await text('.notices')).toMatch(/Resting: disarmed/);
  expect(await tab.locator('.goals').count()).toBe(0); // there is one goal: nothing to count
});

it('Run arms it, E-STOP stops it, Reset lets it be armed again, Pause disarms it', async () => {
  await run.says(/the mind is ready/);
  let since = now();
  for (let armed = false; !armed; ) {
    const asked = now();
    await tab.click('#pause:has-text("Run")');
    armed = (await run.says(/^(not )?armed: .*/m, asked))[1] === undefined; // a frame may be late on a busy machine
    if (!armed) await eventually(async () => expect(await text('#events')).toMatch(/not armed: /));
  }
  await moves(since);
  await phase('Driving');

  since = now();
  await tab.keyboard.press('Space');
  await rests('e-stop', since);
  await phase('Emergency stop');
  await tab.click('#reset');
  await phase('Disarmed');
  expect(run.text().slice(since)).not.toMatch(/^moving$/m);

  since = now();
  await tab.click('#pause:has-text("Run")');
  await moves(since);
  since = now();
  await tab.click('#pause:has-text("Pause")');
  await rests('disarmed', since);
  await phase('Disarmed');
});

it('a page that is loaded anew in the midst of it changes nothing', async () => {
  const since = now();
  await tab.click('#pause:has-text("Run")');
  await moves(since);
  const driving = now();
  await tab.reload();
  await phase('Driving');
  await eventually(async () => expect(await text('#events')).toMatch(/moving/)); // what was said before is there
  const said = run.text().slice(driving);
  expect(said).not.toMatch(/^disarmed/m);
  expect(said.replace(late, '')).not.toMatch(/^resting/m);
});

it('two people at once: whoever presses E-STOP has the last word', async () => {
  const [one, other] = [listenTo(tab.url()), listenTo(tab.url())];
  await Promise.all([one!.opened, other!.opened]);
  const since = now();
  for (let i = 0; i < 20; i++) {
    other!.socket.send(JSON.stringify({ kind: 'run' }));
    if (i === 10) one!.socket.send(JSON.stringify({ kind: 'estop' }));
  }
  await rests('e-stop', since);
  await phase('Emergency stop');
  const pressed = now();
  for (let i = 0; i < 20; i++) other!.socket.send(JSON.stringify({ kind: i % 2 ? 'run' : 'pause' }));
  await eventually(async () => expect(run.text().slice(pressed)).toMatch(/not armed: .*e-stop/));
  expect(run.text().slice(pressed)).not.toMatch(/^(armed|moving)/m);
  await phase('Emergency stop');
  await tab.click('#reset');
  await phase('Disarmed');
  one!.socket.terminate();
  other!.socket.terminate();
});

it('takes another goal: what the camera shows now, or a picture from a file', async () => {
  const pixels = (id: string) =>
    tab.evaluate((name) => {
      const canvas = document.getElementById(name) as HTMLCanvasElement;
      return [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data];
    }, id);
  const first = await pixels('goal');
  let since = now();
  await tab.click('#goal-here');
  await run.says(/another goal, from the page/, since);
  await eventually(async () => expect(await pixels('goal')).toEqual(await pixels('camera')));
  expect(await pixels('goal')).not.toEqual(first);
  since = now();
  await tab.setInputFiles('#goal-file', robot.goal);
  await run.says(/another goal, from the page/, since);
  await eventually(async () => expect(await pixels('goal')).toEqual(first));
  await tab.setInputFiles('#goal-file', { name: 'words.png', mimeType: 'image/png', buffer: Buffer.from('words') });
  await tab.waitForSelector('.goal-picker [role=alert]:has-text("words.png is no picture")');
  await eventually(async () => expect(await text('#events')).toMatch(/another goal, from the page/));
});

it('says why it rests when no picture comes any more, and drives on when they come again', async () => {
  let since = now();
  await tab.click('#pause:has-text("Run")');
  await moves(since);
  await phase('Driving');
  since = now();
  await robot.kill();
  await rests('(link lost|stale frame)', since);
  await eventually(async () => expect(await text('.notices')).toMatch(/Resting: (link lost|stale frame)/));
  since = now();
  await robot.again();
  await moves(since);
  await eventually(async () => expect(await tab.locator('.notices .notice').count()).toBe(0));
});

it('with --arm, a person who says Pause before it was armed has the last word', async () => {
  const config = robot.config({ resumeWithinMs: 60_000 });
  const args = ['--url', robot.url, '--config', config, '--goal', robot.goal, '--port', '0', '--arm'];
  const other = driving(...args);
  const [, url] = await other.says(/the page is at (http:\S+)/);
  const page = listenTo(url!);
  await page.opened;
  page.socket.send(JSON.stringify({ kind: 'pause' }));
  await other.says(/the mind is ready/);
  const since = other.text().length;
  await other.says(/plans\/s; link up/, since); // a while later
  expect(page.snapshots().at(-1)!.phase).toBe('disarmed');
  expect(other.text().slice(since)).not.toMatch(/^(armed|moving)/m);
  page.socket.terminate();
  other.child.kill('SIGTERM');
  expect((await other.end).code).toBe(143);
});

it('says when the run is over', async () => {
  run.child.kill('SIGINT');
  await tab.waitForSelector('#lost:has-text("The run is over")');
  expect((await run.end).code).toBe(130);
  expect(complaints).toEqual([]);
});
