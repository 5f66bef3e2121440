import { afterEach, expect, it } from 'vitest';
import { metricsText } from '../../src/page/metrics.ts';
import { type Page, servePage } from '../../src/page/server.ts';
import { ask, smallWebRoot } from './listener.ts';
import { snapshotAt } from './plausible.ts';

let page: Page | undefined;
afterEach(() => page?.close());

it('tells what is known, as Prometheus reads it', () => {
  const text = metricsText({ ...snapshotAt(0), planMs: 62, surprise: null, dropped: 3, task: 'two "rooms"' });
  expect(text).toContain('# TYPE premotor_plan_seconds gauge\npremotor_plan_seconds{task="two _rooms_"} 0.062\n');
  expect(text).toContain(
    '# TYPE premotor_frames_dropped_total counter\npremotor_frames_dropped_total{task="two _rooms_"} 3\n',
  );
  expect(text).toContain('premotor_moving{task="two _rooms_"} 1');
  expect(text).not.toContain('surprise');
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) premotor_\w+ .+|premotor_\w+\{task="[^"]*"\} [-\d.e]+)$/);
  expect(metricsText({ ...snapshotAt(0), phase: 'stopped' })).toContain('premotor_stopped{task="two-room"} 1');
});

it('is served on request only, and by its own name only', async () => {
  page = await servePage({ port: 0, webRoot: smallWebRoot(), metrics: true });
  page.publish(snapshotAt(2));
  const answer = await ask(page.url, { path: '/metrics' });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(answer.body).toBe(metricsText(snapshotAt(2)));
  expect((await ask(page.url, { path: '/metrics', headers: { Host: 'evil.example' } })).status).toBe(403);
  const plain = await servePage({ port: 0, webRoot: smallWebRoot() });
  expect((await ask(plain.url, { path: '/metrics' })).status).toBe(404);
  await plain.close();
});
