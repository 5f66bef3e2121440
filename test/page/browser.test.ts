import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Frame } from '../../src/drivers/driver.ts';
import type { Control } from '../../src/page/control.ts';
import { type Page, servePage } from '../../src/page/server.ts';
import { eventually } from './listener.ts';
import { cameraAt, goalPlace, picture, snapshotAt } from './plausible.ts';

const top = new URL('../../', import.meta.url);
const webRoot = fileURLToPath(new URL('dist/page/web/', top));
const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', top)), 'utf8');
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Browser;
let page: Page;
let tab: Tab;
const said: Control['kind'][] = [];
const complaints: string[] = [];
const foreign: string[] = [];

const serve = async (port: number) => {
  page = await servePage({ port, webRoot, goalSize: 8 });
  page.controls$.subscribe(({ kind }) => said.push(kind));
};

beforeAll(async () => {
  if (!existsSync(executablePath)) {
    throw new Error(
      `no Chromium at ${executablePath}: install one (apt-get install chromium) or name yours in CHROMIUM_PATH`,
    );
  }
  if (!existsSync(`${webRoot}index.html`)) {
    await build({ configFile: fileURLToPath(new URL('vite.config.ts', top)), logLevel: 'warn' });
  }
  await serve(0);
  browser = await chromium.launch({ executablePath, args });
  tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  tab.on('request', (request) => request.url().startsWith(page.url) || foreign.push(request.url()));
  await tab.goto(page.url);
});
afterAll(async () => {
  await browser?.close();
  await page?.close();
});

const pixels = (id: string) =>
  tab.evaluate((name) => {
    const canvas = document.getElementById(name) as HTMLCanvasElement;
    return [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data];
  }, id);
const rgb = (rgba: number[]) => rgba.filter((_, i) => i % 4 !== 3);
const inked = async (id: string) => (await pixels(id)).some((value, i) => i % 4 === 3 && value > 0);
const text = async (selector: string) =>
  ((await tab.locator(selector).textContent()) ?? '').replace(/\s+/g, ' ').trim();

it('shows the run: pictures to the pixel, paths, numbers, words', async () => {
  for (let t = 0; t < 2; t += 0.25) page.publish({ ...snapshotAt(t), log: t === 0 ? 'started' : undefined });
  page.publishFrame('camera', cameraAt(2));
  page.publishFrame('goal', picture(goalPlace));
  page.publish({ ...snapshotAt(14), distance: 3.144, planMs: 58 });

  await eventually(async () => expect(await text('#distance .value')).toBe('3.14'));
  await eventually(async () => expect(rgb(await pixels('camera'))).toEqual([...cameraAt(2).data]));
  expect(rgb(await pixels('goal'))).toEqual([...picture(goalPlace).data]);
  expect(await inked('overlay')).toBe(true);
  expect(await text('h1')).toBe('premotor two-room');
  expect(await text('.phase')).toBe('Driving');
  expect(await text('.goals')).toMatch(/Goal 3 of 10\s*2 reached/);
  expect(await text('#plan-time .value')).toBe('58 ms');
  expect(await text('#plan-time .aside')).toMatch(/p50 \d+ · p95 \d+ · p99 \d+ · deadline 90/);
  expect(await text('#events')).toContain('started');
  expect(await tab.locator('.axes li').count()).toBe(2);
  expect(await tab.locator('.chart canvas').count()).toBe(3);
});

it('stops the robot by a click, by Enter and by Space, wherever the focus is', async () => {
  said.length = 0;
  await tab.click('#estop');
  await tab.focus('#estop');
  await tab.keyboard.press('Enter');
  await tab.keyboard.press('Space');
  await tab.focus('#pause');
  await tab.keyboard.press('Space');
  await tab.evaluate(() => (document.activeElement as HTMLElement).blur());
  await tab.keyboard.press('Space');
  await eventually(() => expect(said).toHaveLength(5));
  expect(said).toEqual(['estop', 'estop', 'estop', 'estop', 'estop']);
});

it('shows how the search went, what was foretold, and what the imagined end is like', async () => {
  page.publish({ ...snapshotAt(14), costs: [9, 5, 4.5], surpriseLimit: 0.3, dropped: 7 });
  page.publishFrame('imagined', picture({ x: 0.4, y: 0.4 }, 8));
  await eventually(async () => expect(await text('#search .value')).toBe('4.5'));
  expect(await tab.locator('#search .curve').getAttribute('aria-label')).toBe('From 9.0 to 4.5 in 3 refinements');
  expect(await text('#surprise .aside')).toBe('rarely above 0.3');
  expect(await text('.rates')).toMatch(/frames passed over ?7/);
  await eventually(async () => expect(rgb(await pixels('imagined'))).toEqual([...picture({ x: 0.4, y: 0.4 }, 8).data]));
});

it('looks back at what was shown, while the robot stays in the present', async () => {
  const wanted: Frame[] = [];
  const listening = page.controls$.subscribe((control) => control.kind === 'goal' && wanted.push(control.frame));
  const [before, after] = [0.2, 0.8].map((x) => picture({ x, y: 0.5 }, 8)) as [Frame, Frame];
  page.publishFrame('camera', before);
  await eventually(async () => expect(rgb(await pixels('camera'))).toEqual([...before.data]));
  page.publish({ ...snapshotAt(14.5), distance: 7.5, goalSize: 8 });
  await eventually(async () => expect(await text('#distance .value')).toBe('7.50'));
  page.publishFrame('camera', after);
  await eventually(async () => expect(rgb(await pixels('camera'))).toEqual([...after.data]));
  page.publish({ ...snapshotAt(15.5), distance: 2.5, phase: 'stopped' });
  await eventually(async () => expect(await text('#distance .value')).toBe('2.50'));
  await tab.focus('#scrub');
  await tab.keyboard.press('ArrowLeft');
  await tab.waitForSelector('.scrubber.back:has-text("You look at 1.0 s ago")');
  expect(await text('#distance .value')).toBe('7.50');
  expect(await text('.phase')).toBe('Emergency stop'); // now
  await tab.click('#goal-here'); // what is wanted is what is looked at
  await eventually(() => expect(wanted.map(({ data }) => [...data])).toEqual([[...before.data]]));
  listening.unsubscribe();
  page.publish({ ...snapshotAt(16.5), distance: 1.5 });
  await tab.waitForSelector('.scrubber.back:has-text("You look at 2.0 s ago")');
  expect(await text('#distance .value')).toBe('7.50');
  await tab.click('#live');
  expect(await text('#distance .value')).toBe('1.50');
});

it('takes a goal in words, and says in words what is wanted, seen and imagined', async () => {
  const asked: Control[] = [];
  const listening = page.controls$.subscribe((control) => asked.push(control));
  const said = { seen: 'the dot is in the left room', end: 'the dot is in the doorway' };
  const sayings = [
    { thing: 'dot', holds: 'in the left room' },
    { thing: 'dot', holds: 'in the doorway' },
    { thing: 'arm', holds: 'straight' },
  ];
  page.publish({ ...snapshotAt(14), sayings, asked: 'the dot is <b>there</b>', said });
  await tab.waitForSelector('.goal-words');
  expect(await tab.isDisabled('#goal-ask')).toBe(true); // nothing is asked for
  for (const saying of ['in the left room', 'in the doorway', 'straight', 'in the left room'])
    await tab.click(`.goal-words button:has-text("${saying}")`);
  expect(await tab.locator('.goal-words [aria-pressed=true]').count()).toBe(2);
  await tab.click('#goal-ask');
  await eventually(() =>
    expect(asked).toEqual([{ kind: 'ask', words: 'the dot is in the doorway; the arm is straight' }]),
  );
  await tab.keyboard.press('Space'); // stops, also from here
  await eventually(() => expect(asked.at(-1)).toEqual({ kind: 'estop' }));
  expect(await text('figure:has(#goal)')).toContain('Goal, from memory');
  expect(await text('figure:has(#goal)')).toContain('Asked for: the dot is <b>there</b>.'); // text, whatever it holds
  expect(await text('figure.camera')).toContain('It sees: the dot is in the left room.');
  listening.unsubscribe();
});

it('turns how the mind thinks, while it does', async () => {
  const turned: Control[] = [];
  const listening = page.controls$.subscribe((control) => turned.push(control));
  page.publish({ ...snapshotAt(14), iterations: 10, samples: 64, horizon: 7, weights: { critic: 1, sum: 0.02 } });
  await tab.waitForSelector('#planning #weight-sum');
  await tab.fill('#weight-sum', '0.5');
  await tab.press('#weight-sum', 'Enter');
  await tab.fill('#weight-critic', 'x').catch(() => {}); // a number field takes no letters
  await tab.focus('#iterations');
  await tab.keyboard.press('ArrowLeft');
  await tab.uncheck('#think');
  await tab.selectOption('#samples', '128');
  expect(await tab.inputValue('#horizon')).toBe('7'); // what it is, though no one offers it
  await tab.selectOption('#horizon', '3');
  await eventually(() => expect(turned).toHaveLength(5));
  expect(turned).toEqual([
    { kind: 'tune', weights: { sum: 0.5 } },
    { kind: 'tune', iterations: 9 },
    { kind: 'tune', iterations: 0 },
    { kind: 'tune', samples: 128 },
    { kind: 'tune', horizon: 3 },
  ]);
  page.publish({ ...snapshotAt(14.1), iterations: 0, weights: { critic: 1, sum: 0.5 } });
  await tab.waitForSelector('#iterations:disabled');
  await tab.check('#think');
  await eventually(() => expect(turned.at(-1)).toEqual({ kind: 'tune', iterations: 10 }));
  listening.unsubscribe();
});

it('says that it is stopped and offers the reset; pauses and runs', async () => {
  said.length = 0;
  page.publish({ ...snapshotAt(14.1), phase: 'stopped' });
  await tab.click('#reset');
  expect(await text('[role=alert]')).toContain('Emergency stop');
  page.publish(snapshotAt(14.2));
  await tab.click('#pause:has-text("Pause")');
  page.publish({ ...snapshotAt(14.3), phase: 'paused' });
  await tab.click('#pause:has-text("Run")');
  await eventually(() => expect(said).toEqual(['reset', 'pause', 'run']));
});

it('can be used by everybody: nothing that axe finds wrong, in light and in dark', async () => {
  page.publish({
    ...snapshotAt(14.4),
    iterations: 8,
    weights: { critic: 1 },
    costs: [3, 2],
    goalSize: 64,
    sayings: [{ thing: 'dot', holds: 'at the top' }],
    asked: 'the dot is at the top',
    log: 'a word',
  });
  await tab.waitForSelector('#planning #weight-critic');
  await tab.waitForSelector('#goal-file');
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme });
    const found = await tab.evaluate(async (source) => {
      // handed in as text: the page's own policy lets no other script in
      const { axe } = new Function(`const module = undefined; ${source}; return { axe: globalThis.axe }`)();
      const { violations } = await axe.run();
      return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
    }, axe);
    expect(found).toEqual([]);
  }
  await tab.emulateMedia({ colorScheme: null });
});

it('shows every camera by its name, and what the mind makes of them', async () => {
  page.publish({ ...snapshotAt(14.2), cameras: ['front', 'wrist'] });
  for (const channel of ['camera2', 'view'] as const) {
    page.publishFrame(channel, picture({ x: 0.6, y: 0.4 }, 8));
    await eventually(async () => expect(rgb(await pixels(channel))).toEqual([...picture({ x: 0.6, y: 0.4 }, 8).data]));
  }
  expect(await text('figure.camera h2')).toBe('Camera front');
  expect(await text('figure:has(#camera2) h2')).toBe('Camera wrist');
});

it('fits a phone', async () => {
  await tab.setViewportSize({ width: 360, height: 740 });
  expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await tab.locator('#estop').boundingBox()).toMatchObject({ height: expect.closeTo(46, -1) });
  await tab.setViewportSize({ width: 1200, height: 900 });
});

it('says when the link is lost, comes back by itself, and then delivers an e-stop asked for meanwhile', async () => {
  said.length = 0;
  const { port } = new URL(page.url);
  await page.close();
  await tab.waitForSelector('#lost:has-text("Link lost")');
  expect(await tab.isDisabled('#pause')).toBe(true);
  await tab.keyboard.press('Space');
  await tab.waitForSelector('.notice:has-text("could not be sent")');

  await serve(Number(port));
  page.publish(snapshotAt(20));
  await tab.waitForSelector('#lost', { state: 'detached' });
  await eventually(() => expect(said).toEqual(['estop']));
});

it('says that the run is over when it ended by itself', async () => {
  page.publish(snapshotAt(21));
  page.publish({ ...snapshotAt(21.1), phase: 'done' });
  await page.close();
  await tab.waitForSelector('#lost:has-text("The run is over")');
});

it('ran nothing that its policy forbids and fetched nothing from elsewhere', () => {
  expect(complaints).toEqual([]);
  expect(foreign).toEqual([]);
});
