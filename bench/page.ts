import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { servePage } from '../src/page/server.ts';
import { cameraAt, snapshotAt } from '../test/page/plausible.ts';
import { lookOn } from './pages.ts';
import { median, type Row, row } from './row.ts';

const webRoot = fileURLToPath(new URL('../dist/page/web/', import.meta.url));
const [SECONDS, FPS, LOADS] = [5, 30, 5];

/** How soon the page is there, how much is loaded for it, and what five pages cost the process that drives the robot. */
export async function benchPage(): Promise<Row[]> {
  const idle = await share(0);
  const five = await share(5);
  const assets = readdirSync(`${webRoot}assets`).filter((name) => !name.startsWith('solid'));
  const bytes = assets.reduce((sum, name) => sum + gzipSync(readFileSync(`${webRoot}assets/${name}`)).length, 0);
  return [
    row(
      'page: first contentful paint, median of 5 loads',
      await firstPaint(),
      'ms',
      { name: 'goal', value: 1000 },
      'lower',
    ),
    row('page: script and style, gzip, without three.js', bytes / 1000, 'kB', { name: 'goal', value: 150 }, 'lower'),
    row(`page: ${FPS} pictures and snapshots a second for nobody`, idle, '% of a core'),
    row('the same for 5 pages', five, '% of a core', { name: 'goal', value: 10 }, 'lower'),
  ];
}

/** CPU time of this process while it publishes to so many pages, which live in another. */
async function share(pages: number): Promise<number> {
  const page = await servePage({ port: 0, webRoot });
  const child = lookOn(page.url, pages);
  try {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = process.cpuUsage();
    const began = performance.now();
    for (let i = 0; i < SECONDS * FPS; i++) {
      page.publish(snapshotAt(i / FPS));
      page.publishFrame('camera', cameraAt(2));
      await new Promise((resolve) => setTimeout(resolve, began + ((i + 1) * 1000) / FPS - performance.now()));
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 10 / (performance.now() - began);
  } finally {
    child.kill();
    await page.close();
  }
}

async function firstPaint(): Promise<number> {
  const page = await servePage({ port: 0, webRoot });
  page.publish(snapshotAt(1));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const times: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    const tab = await browser.newPage();
    await tab.goto(page.url);
    await tab.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    times.push(await tab.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]!.startTime));
    await tab.close();
  }
  await browser.close();
  await page.close();
  return median(times);
}
