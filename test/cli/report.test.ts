import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainAxes } from '../../src/cli/report/training.ts';
import { seeded } from '../../src/random.ts';
import { driveRecording } from '../data/drive.ts';
import { lastLine, premotor } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-report-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A report's page, which must be able to stand alone. */
async function reported(path: string, out: string, ...more: string[]): Promise<string> {
  const { code, stderr } = await premotor('report', path, '--out', at(out), ...more);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const page = readFileSync(at(out), 'utf8');
  expect(page).not.toMatch(/<script|<link|src="(?!data:)|url\((?!#)/);
  return page;
}

describe('premotor report', () => {
  beforeAll(async () => {
    const sizes = ['--channels', '8,8,8', '--latent-dim', '8', '--hidden', '16', '--predictor-hidden', '16'];
    const short = ['--steps', '40', '--critic-steps', '2', '--monitor-every', '20', '--batch', '8'];
    expect((await premotor('collect', '--episodes', '12', '--size', '32', '--out', at('data'))).code).toBe(0);
    expect((await premotor('train', '-d', at('data'), '-o', at('run'), ...sizes, ...short)).code).toBe(0);
  });

  it('shows a training: terms, collapse, what latents know, and how they lie', async () => {
    const page = await reported(at('run'), 'run.html', '--pictures', at('pictures'));
    for (const part of ['Losses', 'Collapse monitor', 'What latents know', 'Map of latents'])
      expect(page).toContain(part);
    expect(page).toContain('Step 40 of 40; objective sigreg');
    const names = readdirSync(at('pictures'));
    expect(names).toEqual(expect.arrayContaining(['losses.svg', 'losses.png', 'latents-x.png', 'probes.svg']));
    const { width, height, data } = decode(readFileSync(at('pictures/losses.png')));
    expect(width).toBeGreaterThan(400);
    expect(height).toBeGreaterThan(200);
    expect(new Set(data).size).toBeGreaterThan(20); // not a blank sheet
    rmSync(at('run/checkpoint'), { recursive: true });
    expect(await reported(at('run'), 'half.html')).not.toContain('Map of latents'); // a run that is not done yet
  });

  it('shows a data set, and a ride', async () => {
    const page = await reported(at('data'), 'data.html');
    expect(page).toContain('<td>episodes</td><td>12</td>');
    expect(page.match(/data:image\/png/g)).toHaveLength(4);
    await driveRecording(at('drive.mcap'));
    const ride = await reported(at('drive.mcap'), 'ride.html');
    expect(ride).toContain('A ride of drive');
    expect(ride).toContain('linear.x');
    expect(ride).toMatch(/front: 0\.\d s, /);
  });

  it('shows evaluations with their intervals, and curves over a budget', async () => {
    const line = (planner: string, iterations: number | undefined, success: number) => {
      const ms = 10 * (iterations ?? 0.5);
      const planMs = { p50: ms, p95: 1.2 * ms, p99: 1.3 * ms, mean: ms };
      const facts = { task: 'pusht', protocol: 'historical', episodes: 20, seed: 1, random: 5 };
      return JSON.stringify({ ...facts, success, interval: [success - 9, success + 9], planMs, planner, iterations });
    };
    writeFileSync(
      at('planners.jsonl'),
      ['noise', line('cem', 1, 30), line('cem', 10, 60), line('mppi', 1, 20), line('reflex', undefined, 40)].join('\n'),
    );
    const page = await reported(at('planners.jsonl'), 'planners.html');
    expect(page).toContain('4 evaluations');
    expect(page).toContain('Success against the budget');
    const [byRefinements, byTime] = [...page.matchAll(/<svg.*?<\/svg>/gs)].map(([svg]) => svg);
    expect(byRefinements).not.toContain('>reflex<');
    expect(byTime).toContain('>reflex<'); // it makes none, and takes its time
    expect(page).toContain('<td>pusht, historical, cem, 10 refinements, seed 1</td><td>100.0</td><td>120.0</td>');
  });

  it('refuses in a line what it cannot show, and to write over anything', async () => {
    const refused = async (...words: string[]) => {
      const { code, stderr } = await premotor('report', ...words);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused(at('nothing'))).toContain('is not there');
    expect(await refused(folder)).toContain('is neither a training run nor a data set');
    writeFileSync(at('empty.jsonl'), '');
    expect(await refused(at('empty.jsonl'))).toContain('holds no evaluation');
    expect(await refused(at('data'), '--out', at('empty.jsonl'))).toContain('is there already');
    expect(existsSync(at('nothing.html'))).toBe(false);
  });

  it('says where it is as one object', async () => {
    const { stdout } = await premotor('report', at('data'), '--out', at('json.html'), '--json');
    expect(lastLine(stdout)).toMatchObject({ report: at('json.html'), title: 'Data of two-room' });
  });
});

it('finds the axes along which rows are spread most', () => {
  const random = seeded(2);
  const rows = Float32Array.from({ length: 300 * 3 }, (_, i) => random.normal() * [1, 9, 3][i % 3]! + 5);
  const { places, explained } = mainAxes(rows, 3);
  const along = places.map(([a]) => Math.abs(a));
  expect(Math.max(...along)).toBeGreaterThan(15);
  places.forEach(([a], i) => {
    expect(Math.abs(Math.abs(a) - Math.abs(rows[3 * i + 1]! - 5))).toBeLessThan(2.5);
  });
  expect(explained[0]).toBeCloseTo(81 / 91, 1);
  expect(explained[1]).toBeCloseTo(9 / 91, 1);
});
