import { expect, test } from 'vitest';
import { toxicRun, toxics } from '../../../bench/ros/toxic-run.ts';
import { seeded } from '../../../src/random.ts';

test.concurrent.each(toxics)(
  'a line with $kind: the body holds, nothing comes late, and it goes on by itself',
  async (toxic) => {
    const { reason, stale, streamed, streamMs } = await toxicRun(toxic, seeded(3).fork(toxic.kind));
    expect(reason).toMatch(/^(link lost|stale frame)$/);
    expect(stale).toBe(0);
    expect(streamMs).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(streamed).toBeGreaterThanOrEqual(10);
  },
);
