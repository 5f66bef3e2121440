import { afterEach, describe, expect, it } from 'vitest';
import type { Control } from '../../src/page/control.ts';
import { doors } from '../../src/page/doors.ts';
import { type Page, servePage } from '../../src/page/server.ts';
import { ask, eventually, listenTo, smallWebRoot } from './listener.ts';
import { snapshotAt } from './plausible.ts';

const tokens = { act: 'a'.repeat(32), look: 'b'.repeat(32) };
const pages: Page[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});
const serve = async () => {
  const page = await servePage({ port: 0, host: '0.0.0.0', tokens, webRoot: smallWebRoot(), metrics: true });
  pages.push(page);
  return { page, url: page.url.replace('0.0.0.0', '127.0.0.1') };
};

describe('a page for other machines', () => {
  it('lets in who brings a token, and nobody else', async () => {
    const { url } = await serve();
    for (const token of [
      '',
      '?token=',
      `?token=${'a'.repeat(31)}`,
      `?token=${'c'.repeat(32)}`,
      `?tokens=${tokens.act}`,
    ])
      await expect(listenTo(url, {}, `live${token}`).opened).rejects.toThrow('403');
    await listenTo(url, {}, `live?token=${tokens.act}`).opened;
    await listenTo(url, {}, `live?token=${tokens.look}`).opened;
    await expect(listenTo(url, {}, `elsewhere?token=${tokens.act}`).opened).rejects.toThrow('404');
    await expect(listenTo(url, { Origin: 'http://evil.example' }, `live?token=${tokens.act}`).opened).rejects.toThrow(
      '403',
    );
    const named = { Host: `evil.example:${new URL(url).port}`, Origin: `http://evil.example:${new URL(url).port}` };
    await expect(listenTo(url, named, `live?token=${tokens.act}`).opened).rejects.toThrow('403'); // a name can be pointed here
    expect((await ask(url, { headers: { Host: 'evil.example' } })).status).toBe(403);
  });

  it('lets who only looks on do nothing', async () => {
    const { page, url } = await serve();
    const done: Control[] = [];
    page.controls$.subscribe((control) => done.push(control));
    const [looker, actor] = [tokens.look, tokens.act].map((token) => listenTo(url, {}, `live?token=${token}`));
    await Promise.all([looker!.opened, actor!.opened]);
    page.publish(snapshotAt(1));
    await eventually(() => expect(looker!.snapshots()).toHaveLength(1));
    expect(looker!.heard[0]).toEqual({ kind: 'role', role: 'look' });
    looker!.socket.send(JSON.stringify({ kind: 'run' }));
    expect(await looker!.closed).toBe(1008);
    actor!.socket.send(JSON.stringify({ kind: 'estop' }));
    await eventually(() => expect(done).toEqual([{ kind: 'estop' }]));
    expect(actor!.heard.some((message) => 'kind' in message && message.kind === 'role')).toBe(false);
  });

  it('gives its numbers to who brings a token', async () => {
    const { page, url } = await serve();
    page.publish(snapshotAt(1));
    expect((await ask(url, { path: '/metrics' })).status).toBe(403);
    expect((await ask(url, { path: `/metrics?token=${tokens.look}` })).body).toContain('premotor_moving');
  });

  it('is not opened without tokens, or with ones that can be guessed', () => {
    expect(() => doors('0.0.0.0', () => 1, undefined)).toThrow('this machine only');
    expect(() => doors('0.0.0.0', () => 1, { act: 'secret', look: tokens.look })).toThrow('32 letters at least, got 6');
  });
});
