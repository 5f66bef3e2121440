import { beforeAll, describe, expect, test } from 'vitest';
import { inTwo, type Result, unfit } from './child.ts';
import { faultNames } from './faults.ts';

const PATIENCE_MS = 600_000;
const SEEDS = 300;
const AGAIN = 60;

const replay = ({ broken }: Result, args = '') =>
  `replay with: npm run simulate -- --seed ${broken[0]} --trace ${args}`;

describe('body, link, minds and world under virtual time', () => {
  let all: Result;
  beforeAll(async () => {
    all = await inTwo(1, SEEDS);
  }, PATIENCE_MS);

  test(`${SEEDS} seeds: no invariant is broken, whatever befalls them, and the goal is reached`, () => {
    expect(all.broken, replay(all)).toEqual([]);
    expect(all.seeds).toBe(SEEDS);
    expect(faultNames.filter((fault) => !(all.fired[fault]! > 0))).toEqual([]);
    expect(all.reached).toBeGreaterThanOrEqual(Math.ceil(0.99 * (SEEDS - all.ended)));
  });

  test('the same seed gives the same trace, and jumps of the wall clock change no command', {
    timeout: PATIENCE_MS,
  }, async () => {
    const again = await inTwo(1, AGAIN);
    const steady = await inTwo(1, AGAIN, ['--without', 'wall clock jumps']);
    const first = Object.fromEntries(Object.entries(all.traces!).slice(0, AGAIN));
    expect(Object.keys(first)).toHaveLength(AGAIN);
    expect(again.traces).toEqual(first);
    expect(again.fired['wall clock jumps']).toBeGreaterThanOrEqual(AGAIN / 2);
    expect(steady.fired['wall clock jumps']).toBe(0);
    expect(steady.traces).toEqual(first);
  });

  test('a camera that is frozen, black, late, out of order or of the future: no motion that it does not bear out', {
    timeout: PATIENCE_MS,
  }, async () => {
    const blind = await inTwo(10_001, 500, ['--only', 'frames', '--seconds', '20']);
    expect(blind.broken, replay(blind, '--only frames --seconds 20')).toEqual([]);
    expect(blind.seeds).toBe(500);
    expect(blind.moved).toBeGreaterThan(0);
  });

  test('boots disarmed, and is not armed without a camera to be believed and a bridge that answers', {
    timeout: PATIENCE_MS,
  }, async () => {
    const booted = await inTwo(20_001, 100, unfit);
    expect(booted.broken, replay(booted, unfit.join(' '))).toEqual([]);
    expect(booted.seeds).toBe(100);
    expect(booted.armings).toBe(0);
    expect(booted.moved).toBeGreaterThan(0); // when all was well again
  });
});
