import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Moment, type Playground, playground } from '../../sim/playground.ts';
import { findTask } from '../../sim/tasks.ts';
import { type PlayPage, playPage } from '../../src/cli/play-page.ts';
import { realClock } from '../../src/clock.ts';
import { openDataset } from '../../src/data/reader.ts';
import { seeded } from '../../src/random.ts';
import { eventually } from './listener.ts';

const top = new URL('../../', import.meta.url);
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

let browser: Browser;
beforeAll(async () => {
  if (!existsSync(fileURLToPath(new URL('dist/page/web/index.html', top)))) {
    await build({ configFile: fileURLToPath(new URL('vite.config.ts', top)), logLevel: 'warn' });
  }
  browser = await chromium.launch({ executablePath, args });
});
afterAll(() => browser?.close());

/** A world on a real page in a real browser. */
async function opened(name: string, policy: string) {
  const task = findTask(name);
  await task.prepare?.();
  const world = task.world();
  const out = join(mkdtempSync(join(tmpdir(), 'played-')), 'data');
  const page: PlayPage<unknown> = await playPage({ task, world, size: 96, port: 0, seed: 1, out });
  const moments: Moment<unknown>[] = [];
  let play: Playground<unknown> | undefined;
  play = playground({
    task,
    world,
    policy,
    random: seeded(1),
    clock: realClock(),
    onMoment: (moment) => {
      moments.push(moment);
      page.show(moment, play);
    },
  });
  page.obey(play);
  const tab: Tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const complaints: string[] = [];
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  await tab.goto(page.url);
  await tab.waitForSelector('#sim-count');
  const close = async () => {
    play?.close();
    await tab.close();
    await page.close();
  };
  return {
    task,
    world,
    out,
    play: play as Playground<unknown>,
    moments,
    tab,
    complaints,
    close,
    last: () => moments.at(-1)!,
  };
}

describe('the simulator page', () => {
  it('runs, pauses, steps, slows down, begins anew, and stops at once', async () => {
    const { play, tab, last, complaints, close } = await opened('two-room', 'expert');
    await tab.click('#sim-step');
    await eventually(() => expect(last().step).toBe(1));
    await eventually(async () => expect(await tab.textContent('#sim-count')).toBe('1'));
    await tab.click('#pause'); // Run
    await eventually(() => expect(last().step).toBeGreaterThan(4));
    await tab.selectOption('#sim-speed', '0.25');
    await eventually(() => expect(play.speed).toBe(0.25));
    await tab.click('#sim-episode');
    await eventually(() => expect(last().episode).toBe(1));
    await tab.keyboard.press('Space');
    await eventually(() => expect(play.running).toBe(false));
    const { step } = last();
    await tab.click('#sim-episode');
    await tab.click('#reset');
    await eventually(async () => expect(await tab.isVisible('#pause')).toBe(true));
    expect([last().episode, last().step]).toEqual([1, step]);
    expect(complaints).toEqual([]);
    await close();
  });

  it('is driven by keys and by the pointer, moves things by hand, and saves what was played', async () => {
    const { world, play, tab, last, out, task, close } = await opened('two-room', 'expert');
    const where = () => world.locate(last().state);
    await tab.keyboard.down('ArrowDown');
    await eventually(() => expect(play.policy).toBe('manual'));
    await eventually(() => {
      play.step();
      expect(last().action).toEqual([0, 1]);
    });
    await tab.keyboard.up('ArrowDown');
    const box = (await tab.locator('#flat').boundingBox())!;
    const place = where()[0] < 0.5 ? [0.25, 0.8] : [0.75, 0.8];
    await tab.mouse.move(box.x + place[0]! * box.width, box.y + place[1]! * box.height);
    await tab.mouse.down();
    await eventually(() => {
      play.step();
      expect(Math.hypot(where()[0] - place[0]!, where()[1] - place[1]!)).toBeLessThan(0.02);
    });
    await tab.mouse.up();
    await tab.keyboard.down('Shift');
    await tab.mouse.down();
    await tab.mouse.move(box.x + place[0]! * box.width, box.y + 0.4 * box.height);
    await eventually(() => {
      play.step();
      expect(where()[1]).toBeCloseTo(0.4, 1);
    });
    await tab.mouse.up();
    await tab.keyboard.up('Shift');
    await tab.click('#sim-save');
    await eventually(async () => expect(await tab.textContent('#events')).toMatch(/saved to .*: 1 episode/));
    const data = await openDataset(out);
    expect(data.length(0)).toBe(play.trace.actions.length);
    expect([...data.state(0, 3)]).toEqual(task.world().encodeState(play.trace.states[3]));
    data.close();
    await close();
  });

  it('draws a solid world, and its cameras', async () => {
    const { tab, complaints, play, close } = await opened('diff-drive', 'expert');
    await tab.waitForSelector('#solid canvas');
    const shades = async () => {
      const png = await tab.locator('#solid canvas').screenshot();
      return png.length;
    };
    await eventually(async () => expect(await shades()).toBeGreaterThan(8000)); // an empty canvas is far smaller
    play.step();
    const before = await tab.evaluate(() => (document.getElementById('camera') as HTMLCanvasElement).toDataURL());
    await tab.selectOption('#sim-camera', 'overhead');
    await eventually(async () =>
      expect(await tab.evaluate(() => (document.getElementById('camera') as HTMLCanvasElement).toDataURL())).not.toBe(
        before,
      ),
    );
    expect(complaints).toEqual([]);
    await close();
  });
});
