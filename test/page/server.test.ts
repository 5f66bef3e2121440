import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Control } from '../../src/page/control.ts';
import { type Page, type PageOptions, servePage } from '../../src/page/server.ts';
import { decodeFrame, encodeFrame } from '../../src/page/telemetry.ts';
import { ask, eventually, listenTo, smallWebRoot } from './listener.ts';
import { cameraAt, goalPlace, picture, snapshotAt } from './plausible.ts';

const pages: Page[] = [];
const serve = async (options: Partial<PageOptions> = {}) => {
  const page = await servePage({ port: 0, webRoot: smallWebRoot(), ...options });
  pages.push(page);
  return page;
};
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

describe('what a page hears', () => {
  it('a snapshot and a picture arrive as they were published', async () => {
    const page = await serve();
    const { opened, snapshots, pictures } = listenTo(page.url);
    await opened;
    page.publish(snapshotAt(1));
    page.publishFrame('camera', cameraAt(1));
    await eventually(() => expect(pictures()).toHaveLength(1));
    expect(decodeFrame(pictures()[0]!)).toEqual({ channel: 'camera', frame: cameraAt(1) });
    const { paths: _, ...numbers } = snapshotAt(1);
    expect(snapshots()[0]).toMatchObject(numbers);
  });

  it('one that opens later hears what was said and sees the last pictures', async () => {
    const page = await serve();
    page.publish({ ...snapshotAt(1), log: 'started\nfirst goal' });
    page.publish(snapshotAt(2));
    page.publishFrame('goal', cameraAt(0));
    page.publishFrame('goal', cameraAt(3));
    const { opened, heard, snapshots, pictures } = listenTo(page.url);
    await opened;
    await eventually(() => expect(pictures()).toHaveLength(1));
    expect(heard[0]).toEqual({
      kind: 'history',
      events: [
        { timeMs: 1000, text: 'started' },
        { timeMs: 1000, text: 'first goal' },
      ],
    });
    expect(snapshots().map(({ timeMs }) => timeMs)).toEqual([2000]);
    expect(decodeFrame(pictures()[0]!)?.frame).toEqual(cameraAt(3));
  });

  it('a flood is thinned, its last moment and every word arrive', async () => {
    const page = await serve();
    const { opened, snapshots } = listenTo(page.url);
    await opened;
    for (let i = 0; i < 500; i++)
      page.publish({ ...snapshotAt(i / 1000), log: i % 100 === 0 ? `word ${i}` : undefined });
    await eventually(() => expect(snapshots().at(-1)?.timeMs).toBe(499));
    expect(snapshots().length).toBeLessThan(50);
    expect(snapshots().flatMap(({ log }) => log?.split('\n') ?? [])).toEqual([
      'word 0',
      'word 100',
      'word 200',
      'word 300',
      'word 400',
    ]);
  });

  it('one that does not read is dropped, and the others see every picture meanwhile', async () => {
    const page = await serve({ maxRate: 1000, bufferLimitBytes: 1 << 20 });
    const slow = listenTo(page.url);
    const fast = listenTo(page.url);
    await Promise.all([slow.opened, fast.opened]);
    slow.socket.pause();
    const frame = { width: 512, height: 512, data: new Uint8Array(512 * 512 * 3) };
    const rounds = 40; // far more than the sockets' own buffers take
    for (let i = 1; i <= rounds; i++) {
      page.publishFrame('camera', frame);
      await eventually(() => expect(fast.pictures()).toHaveLength(i));
    }
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    expect(slow.pictures().length).toBeLessThan(rounds);
    expect(fast.socket.readyState).toBe(fast.socket.OPEN);
  });
});

describe('what a page may say', () => {
  it('its controls come out in order, and the stream ends with the server', async () => {
    const page = await serve();
    const said: Control[] = [];
    const ended = vi.fn();
    page.controls$.subscribe({ next: (control) => said.push(control), complete: ended });
    const { opened, socket, closed } = listenTo(page.url);
    await opened;
    for (const kind of ['pause', 'run', 'estop', 'reset']) socket.send(JSON.stringify({ kind }));
    await eventually(() => expect(said).toHaveLength(4));
    expect(said.map(({ kind }) => kind)).toEqual(['pause', 'run', 'estop', 'reset']);
    await page.close();
    expect(ended).toHaveBeenCalledOnce();
    await closed;
  });

  it.each([
    ['another kind', '{"kind":"arm"}', 1008],
    ['an inherited name', '{"kind":"constructor"}', 1008],
    ['no object', 'null', 1008],
    ['no JSON', 'estop', 1008],
    ['bytes', new Uint8Array([1]), 1008],
    ['too much', `{"kind":"estop","x":"${'x'.repeat(1100)}"}`, 1009],
  ])('%s closes the connection and changes nothing', async (_, message, code) => {
    const page = await serve();
    const said: Control[] = [];
    page.controls$.subscribe((control) => said.push(control));
    const { opened, socket, closed } = listenTo(page.url);
    await opened;
    socket.send(message);
    expect([code, 1006]).toContain(await closed);
    expect(said).toEqual([]);
  });
});

describe('who is let in', () => {
  it.each([
    ['another origin', { Origin: 'http://evil.example' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['an origin that only begins like ours', { Origin: 'http://127.0.0.1.evil.example' }],
    ['no origin', { Origin: '' }],
    ['the null origin', { Origin: 'null' }],
    ['another host', { Host: 'evil.example' }],
  ])('a socket with %s is refused', async (_, headers) => {
    const page = await serve();
    await expect(listenTo(page.url, headers).opened).rejects.toThrow('403');
  });

  it('a goal picture is taken of the right size, from a page that may give one; any other is refused', async () => {
    const taken: Control[] = [];
    const page = await serve({ goalSize: 64 });
    page.controls$.subscribe((control) => taken.push(control));
    const send = async (url: string, message: Uint8Array | string) => {
      const { opened, socket, closed } = listenTo(url);
      await opened;
      socket.send(message);
      return { socket, closed };
    };
    const good = await send(page.url, encodeFrame('goal', cameraAt(1)));
    await eventually(() => expect(taken).toEqual([{ kind: 'goal', frame: cameraAt(1) }]));
    good.socket.close();
    const refusals = [
      await send(page.url, encodeFrame('camera', cameraAt(1))),
      await send(page.url, encodeFrame('goal', picture(goalPlace, 32))),
      await send(page.url, encodeFrame('goal', cameraAt(1)).subarray(0, 900)),
      await send(page.url, `{"kind":"run","more":"${'x'.repeat(2000)}"}`),
      await send((await serve()).url, encodeFrame('goal', picture(goalPlace, 8))),
    ];
    expect(await Promise.all(refusals.map(({ closed }) => closed))).toEqual([1008, 1008, 1008, 1008, 1008]);
    const long = await send((await serve()).url, encodeFrame('goal', cameraAt(1)));
    expect(await long.closed).toBe(1009); // longer than words may be
    expect(taken).toHaveLength(1);
  });

  it('a socket elsewhere than at /live is refused', async () => {
    const page = await serve();
    await expect(listenTo(page.url, {}, 'other').opened).rejects.toThrow('404');
  });

  it('a request under another name is refused, one under any of this machine is answered', async () => {
    const page = await serve();
    const { port } = new URL(page.url);
    const status = async (host: string) => (await ask(page.url, { headers: { Host: host } })).status;
    expect(await status('evil.example')).toBe(403);
    expect(await status(`evil.example:${port}`)).toBe(403);
    expect(await status('127.0.0.1:1')).toBe(403);
    expect(await status(`localhost:${port}`)).toBe(200);
    expect(await status(`127.0.0.1:${port}`)).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('%s is refused', async (method) => {
    const page = await serve();
    expect((await ask(page.url, { method })).status).toBe(405);
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/%2e%2e%2fsecret.js',
    '/..%5csecret.js',
    '/..\\secret.js',
    '//secret.js',
    '/assets/%00',
    '/assets',
    '/%ff',
  ])('%s leads nowhere', async (path) => {
    const page = await serve();
    const { status, body } = await ask(page.url, { path });
    expect([400, 404]).toContain(status);
    expect(body).not.toContain('secret');
  });

  it('the page comes with a policy that lets no foreign or inline code run', async () => {
    const page = await serve();
    const { status, headers, body } = await ask(page.url, {});
    expect([status, body]).toEqual([200, '<!doctype html><title>page</title>']);
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect((await ask(page.url, { path: '/assets/app.js' })).headers['content-type']).toContain('text/javascript');
  });
});

describe('what stands in the way', () => {
  it('a taken port is said in one line, with the way out', async () => {
    const { port } = new URL((await serve()).url);
    await expect(serve({ port: Number(port) })).rejects.toMatchObject({
      name: 'PremotorError',
      message: `port ${port} is taken`,
      hint: expect.stringContaining('--port'),
    });
  });

  it('a page that is not built is said, with the command that builds it', async () => {
    const missing = join(smallWebRoot(), 'nowhere');
    await expect(serve({ webRoot: missing })).rejects.toMatchObject({ hint: 'run `npm run build`' });
    await expect(serve({ webRoot: join(smallWebRoot(), 'assets') })).rejects.toThrow('not built');
  });

  it('is never served to other machines', async () => {
    await expect(serve({ host: '0.0.0.0' })).rejects.toThrow('this machine only');
  });

  it('a closed server leaves its port free', async () => {
    const page = await serve();
    const { port } = new URL(page.url);
    const { opened } = listenTo(page.url);
    await opened;
    await page.close();
    await expect(serve({ port: Number(port) })).resolves.toMatchObject({ url: page.url });
  });
});
