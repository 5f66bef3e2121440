import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Control } from '../../src/page/control.ts';
import { type Page, servePage } from '../../src/page/server.ts';
import { encodeFrame } from '../../src/page/telemetry.ts';
import { ask, eventually, listenTo, smallWebRoot } from './listener.ts';
import { cameraAt, snapshotAt } from './plausible.ts';

// What a hostile page, program or onlooker may try, one by one: all of it is refused, and nothing happens.

const tokens = { act: 'a1'.repeat(16), look: 'b2'.repeat(16) };
const done: Control[] = [];
const printed: string[] = [];
let [home, away] = [] as unknown as [Page, Page];
let awayUrl = '';
const write = { out: process.stdout.write, err: process.stderr.write };
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const original = stream.write.bind(stream);
    stream.write = ((chunk: string, ...rest: never[]) => {
      printed.push(String(chunk));
      return original(chunk, ...rest);
    }) as typeof stream.write;
  }
  home = await servePage({ port: 0, webRoot: smallWebRoot(), goalSize: 64 });
  away = await servePage({ port: 0, host: '0.0.0.0', tokens, webRoot: smallWebRoot(), metrics: true });
  awayUrl = away.url.replace('0.0.0.0', '127.0.0.1');
  for (const page of [home, away]) {
    page.publish(snapshotAt(1));
    page.controls$.subscribe((control) => done.push(control));
    page.simControls$.subscribe((control) => done.push(control));
  }
});
afterAll(async () => {
  process.stdout.write = write.out;
  process.stderr.write = write.err;
  await home.close();
  await away.close();
});

const port = () => new URL(home.url).port;
let tried = 0;
const refuse = async (what: string, attempt: Promise<unknown>, how: RegExp) => {
  tried++;
  const outcome = await attempt.then(
    (value) => String(value),
    (error: Error) => error.message,
  );
  expect({ what, outcome }).toEqual({ what, outcome: expect.stringMatching(how) });
};
const opened = (url: string, headers: Record<string, string>, path = 'live') => listenTo(url, headers, path).opened;
/** How a socket that came in is closed when it says this. */
const said = async (url: string, path: string, message: string | Uint8Array) => {
  const { socket, opened, closed } = listenTo(url, {}, path);
  await opened;
  socket.send(message);
  return closed;
};

it('from foreign pages and under foreign names', async () => {
  const own = `http://127.0.0.1:${port()}`;
  const origins = [
    'http://evil.example',
    'null',
    '',
    'file://',
    `https://127.0.0.1:${port()}`,
    `${own}.evil.example`,
    `${own}/`,
    `${own}@evil.example`,
    'http://127.0.0.1',
    `http://127.0.0.1:${Number(port()) + 1}`,
    `http://evil.example#${own}`,
  ];
  for (const Origin of origins) await refuse(`origin ${Origin}`, opened(home.url, { Origin }), /403/);
  const hosts = [
    'evil.example',
    `evil.example:${port()}`,
    '127.0.0.1',
    `127.0.0.1:${port()}.evil.example`,
    `localhost.evil.example:${port()}`,
    `0.0.0.0:${port()}`,
    `[::ffff:127.0.0.1]:${port()}`,
  ];
  for (const Host of hosts) {
    await refuse(`socket to host ${Host}`, opened(home.url, { Host, Origin: `http://${Host}` }), /403|400/);
    await refuse(
      `page of host ${Host}`,
      ask(home.url, { headers: { Host } }).then(({ status }) => status),
      /403|400/,
    );
  }
});

it('by other ways to ask, and for what is not there', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'HEAD', 'OPTIONS', 'PROPFIND'])
    await refuse(
      method,
      ask(home.url, { method }).then(({ status }) => status),
      /405|501/,
    );
  const paths = [
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..%5c..%5csecret.js',
    '//secret.js',
    '/%00',
    '/index.html%00.js',
    '/.git/config',
    '/assets/',
    '/assets/../../secret.js',
    '/metrics',
    '/live',
    '/%',
    '/index.html/',
  ];
  for (const path of paths)
    await refuse(
      path,
      ask(home.url, { path }).then(({ status, body }) => `${status} ${/secret/.test(body)}`),
      /^(40[04]|426) false$/,
    );
  for (const path of ['LIVE', 'live/', '/live', 'live%00', 'other', 'assets/../live/x'])
    await refuse(`socket at ${path}`, opened(home.url, {}, path), /404|400|403/);
});

it('by words that are none, too many, or of the wrong kind', async () => {
  const words = [
    '',
    'run',
    '{}',
    '[]',
    'null',
    '{"kind":"RUN"}',
    '{"kind":"run "}',
    '{"kind":{"kind":"run"}}',
    '{"kind":"tune","iterations":1e9}',
    '{"kind":"tune","weights":{"a":null}}',
    '{"kind":"goal"}',
    '{"kind":"ask","words":{"length":1}}',
    `{"kind":"ask","words":"${'y'.repeat(300)}"}`,
    '{"__proto__":{"kind":"run"}}',
    `{"kind":"run","x":"${'y'.repeat(5000)}"}`,
  ];
  for (const text of words) await refuse(text.slice(0, 40), said(home.url, 'live', text), /1008/);
  const bytes = encodeFrame('goal', cameraAt(1));
  const pictures = [
    new Uint8Array(0),
    bytes.subarray(0, 5),
    bytes.subarray(0, bytes.length - 1),
    encodeFrame('camera', cameraAt(1)),
    Uint8Array.from([...bytes, 0]),
  ];
  for (const picture of pictures)
    await refuse(`picture of ${picture.length}`, said(home.url, 'live', picture), /1008|1009/);
  await refuse('a megabyte', said(home.url, 'live', 'x'.repeat(1 << 20)), /1009/);
});

it('without the right token, or as an onlooker', async () => {
  const wrong = [
    '',
    '?token',
    '?token=',
    `?token=${tokens.act.slice(1)}`,
    `?token=${tokens.act}0`,
    `?token=${tokens.act.toUpperCase()}`,
    `?token[]=${tokens.act}`,
    `?Token=${tokens.act}`,
    `?token=%00${tokens.act}`,
    `?token=x&token=${tokens.act}`,
  ];
  for (const query of wrong) await refuse(`token ${query}`, opened(awayUrl, {}, `live${query}`), /403/);
  for (const kind of ['estop', 'reset', 'pause', 'run', 'step', 'tune'])
    await refuse(
      `${kind} by an onlooker`,
      said(awayUrl, `live?token=${tokens.look}`, JSON.stringify({ kind })),
      /1008/,
    );
  await refuse(
    'numbers without a token',
    ask(awayUrl, { path: '/metrics' }).then(({ status }) => status),
    /403/,
  );
});

it('by hanging on: headers that never end are cut off, and others are served meanwhile', async () => {
  const { hostname, port } = new URL(home.url);
  const slow = connect(Number(port), hostname);
  slow.write('GET / HTTP/1.1\r\nHost: ');
  const ended = new Promise((resolve) => slow.on('close', resolve));
  slow.on('error', () => {}).resume();
  expect((await ask(home.url, {})).status).toBe(200);
  tried++;
  await ended;
}, 40_000);

it('were sixty at least; nothing was done, and no token was printed', async () => {
  const { opened: in_, socket } = listenTo(home.url);
  await in_;
  socket.send(JSON.stringify({ kind: 'pause' })); // the page is alive, and obeys who may ask
  await eventually(() => expect(done).toEqual([{ kind: 'pause' }]));
  socket.close();
  expect(tried).toBeGreaterThanOrEqual(60);
  expect(printed.join('')).not.toMatch(new RegExp(`${tokens.act}|${tokens.look}`));
});
