import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type WebSocketOptions, webSocket } from '../../../src/drivers/ros/socket.ts';
import { BadConfig } from '../../../src/errors.ts';
import { selfSigned } from '../../support/certificate.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-tls-'));
  ends.push(() => rmSync(dir, { recursive: true }));
  return dir;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}

/** A WebSocket server on top of another one; `connection` is the first client. */
async function serve(http: Server = createHttpServer()) {
  const server = new WebSocketServer({ server: http as ReturnType<typeof createHttpServer> });
  const connection = new Promise<{ socket: WebSocket; request: IncomingMessage }>((resolve) =>
    server.once('connection', (socket, request) => resolve({ socket, request })),
  );
  const port = await listening(http);
  ends.push(() => {
    for (const socket of server.clients) socket.terminate();
  });
  return { port, connection };
}

/** Opens one, and tells how it went: `open`, or why it closed. */
function connect(options: WebSocketOptions) {
  const heard: (string | Uint8Array)[] = [];
  const pongs: string[] = [];
  let closedWith = (_: string) => {};
  const closed = new Promise<string>((resolve) => {
    closedWith = resolve;
  });
  let tellOpen = () => {};
  const opened = new Promise<'open'>((resolve) => {
    tellOpen = () => resolve('open');
  });
  const news: (() => void)[] = [];
  const socket = webSocket(options)({
    onOpen: tellOpen,
    onMessage: (data) => {
      heard.push(data);
      for (const tell of news.splice(0)) tell();
    },
    onPong: (mark) => {
      pongs.push(mark);
      for (const tell of news.splice(0)) tell();
    },
    onClose: closedWith,
  });
  ends.push(() => socket.kill());
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => news.push(resolve));
  };
  return { socket, heard, pongs, until, closed, first: Promise.race([opened, closed]) };
}

describe('an address', () => {
  test.each([
    ['robot', /must be like ws:\/\/127\.0\.0\.1:9090, got "robot"/],
    ['', /must be like/],
    ['ws://', /must be like/],
    ['http://127.0.0.1:9090', /must begin with ws:\/\/ or wss:\/\//],
    ['file:///etc/passwd', /must begin with/],
    ['ws://127.0.0.1:9090#a', /nothing behind a #/],
  ])('%s is refused in a line', (url, line) => {
    expect(() => webSocket({ url })).toThrow(BadConfig);
    expect(() => webSocket({ url })).toThrow(line);
  });

  test.each([
    'ws://robot:9090',
    'ws://192.168.0.7:9090',
    'ws://0.0.0.0:9090',
    'ws://128.0.0.1:9090',
    'ws://127.0.0.1.example.com:9090',
    'ws://localhost.example.com:9090',
    'ws://[::ffff:10.0.0.1]:9090',
    'ws://127.0.0.1@robot:9090',
  ])('%s is plain, and another machine: refused, unless told to', (url) => {
    expect(() => webSocket({ url })).toThrow(/plain ws:\/\/ to another machine .* is refused/);
    expect(() => webSocket({ url, insecure: true })).not.toThrow();
    expect(() => webSocket({ url: url.replace('ws:', 'wss:') })).not.toThrow();
  });

  test.each([
    'ws://127.0.0.1:9090',
    'ws://127.1.2.3:9090',
    'ws://localhost:9090',
    'ws://[::1]:9090',
    'ws://127.1:9090',
  ])('%s is this machine', (url) => {
    expect(() => webSocket({ url })).not.toThrow();
  });
});

test.each(['', 'two words', 'line\n', 'ü', 'a\r\nX-Other: b'])('%j is no token', (token) => {
  expect(() => webSocket({ url: 'ws://127.0.0.1:9090', token })).toThrow(/token must be visible ASCII/);
});

describe('a connection', () => {
  test('carries texts and bytes, and answers in order', async () => {
    const { port, connection } = await serve();
    const { socket, heard, pongs, until, first, closed } = connect({ url: `ws://127.0.0.1:${port}` });
    socket.send('too early');
    socket.ping('too early');
    expect(await first).toBe('open');
    const { socket: far } = await connection;
    const texts: string[] = [];
    far.on('message', (data) => texts.push(data.toString()));
    socket.send('one');
    socket.ping('mark');
    await until(() => pongs.length === 1);
    expect({ texts, pongs }).toEqual({ texts: ['one'], pongs: ['mark'] });
    far.send('text');
    far.send(Uint8Array.of(1, 2));
    await until(() => heard.length === 2);
    expect(heard[0]).toBe('text');
    expect([...(heard[1] as Uint8Array)]).toEqual([1, 2]);
    far.close(1001, 'the robot goes');
    expect(await closed).toBe('closed (1001 the robot goes)');
  });

  test('bears a token, and tells one that is refused', async () => {
    const { port, connection } = await serve();
    const { first } = connect({ url: `ws://127.0.0.1:${port}`, token: 'secret' });
    expect(await first).toBe('open');
    expect((await connection).request.headers.authorization).toBe('Bearer secret');
    const http = createHttpServer();
    http.on('upgrade', (_, tcp) => tcp.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n'));
    expect(await connect({ url: `ws://127.0.0.1:${await listening(http)}` }).first).toMatch(/401/);
  });

  test.each(['ws', 'wss'])('is said to be closed, with the reason, when nobody is there: %s', async (scheme) => {
    const gone = createServer();
    const port = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await connect({ url: `${scheme}://127.0.0.1:${port}` }).first).toMatch(/ECONNREFUSED/);
  });

  test.each(['ws', 'wss'] as const)('that is killed says nothing more, and resets: %s', async (scheme) => {
    const pair = selfSigned();
    const ca = join(folder(), 'ca.pem');
    writeFileSync(ca, pair.cert);
    const { port, connection } = await serve(scheme === 'ws' ? createHttpServer() : createHttpsServer(pair));
    const { socket, first, closed } = connect({ url: `${scheme}://127.0.0.1:${port}`, ca });
    expect(await first).toBe('open');
    const { socket: far, request } = await connection;
    const errors: string[] = [];
    request.socket.on('error', ({ message }) => errors.push(message));
    let told = false;
    void closed.then(() => {
      told = true;
    });
    socket.kill();
    socket.send('after');
    await new Promise((resolve) => far.once('close', resolve));
    expect({ told, errors }).toEqual({ told: false, errors: ['read ECONNRESET'] });
  });

  test.each(['ws', 'wss'])('that is killed before it is open leaves nothing: %s', async (scheme) => {
    const { port } = await serve();
    const { socket, first } = connect({ url: `${scheme}://127.0.0.1:${port}` });
    let told = false;
    void first.then(() => {
      told = true;
    });
    socket.kill();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toBe(false);
  });
});

describe('a far end that is no bridge', () => {
  test.each(['ws', 'wss'])('and never answers is given up after two seconds: %s', async (scheme) => {
    const port = await listening(createServer((tcp) => ends.push(() => tcp.destroy())));
    expect(await connect({ url: `${scheme}://127.0.0.1:${port}` }).first).toMatch(/handshake has timed out/);
  });

  test('but a web server is told by its answer', async () => {
    const http = createHttpServer((_, response) => response.end('<html>'));
    expect(await connect({ url: `ws://127.0.0.1:${await listening(http)}` }).first).toMatch(
      /Unexpected server response/,
    );
  });

  test('and sends us elsewhere is not followed', async () => {
    let visits = 0;
    const elsewhere = createHttpServer(() => visits++);
    elsewhere.on('upgrade', () => visits++);
    const port = await listening(elsewhere);
    const http = createHttpServer();
    http.on('upgrade', (_, tcp) => {
      tcp.end(`HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    });
    expect(await connect({ url: `ws://127.0.0.1:${await listening(http)}` }).first).toMatch(/302/);
    expect(visits).toBe(0);
  });

  test('and speaks no WebSocket is told', async () => {
    const port = await listening(
      createServer((tcp) =>
        tcp
          .on('error', () => {})
          .resume()
          .end('220 mail.example.com ESMTP\r\n'),
      ),
    );
    expect(await connect({ url: `ws://127.0.0.1:${port}` }).first).toMatch(/Parse Error/);
  });
});

describe('messages that are too large', () => {
  test('end the connection, whole or in a flood of fragments', async () => {
    for (const fragments of [1, 1000]) {
      const { port, connection } = await serve();
      const { first, closed, heard } = connect({ url: `ws://127.0.0.1:${port}`, maxPayload: 10_000 });
      await first;
      const { socket: far } = await connection;
      far.on('error', () => {});
      far.send('x'.repeat(10_000));
      const piece = 'y'.repeat(Math.ceil(10_001 / fragments));
      for (let i = 0; i < fragments; i++) far.send(piece, { fin: i === fragments - 1 });
      expect(await closed).toMatch(/Max payload size exceeded/);
      expect(heard).toEqual(['x'.repeat(10_000)]);
    }
  });
});

describe('over TLS', () => {
  test('an authority that was named is trusted, another or none is not', async () => {
    const [ours, other] = [selfSigned(), selfSigned()];
    const dir = folder();
    const [ca, wrong] = [join(dir, 'ca.pem'), join(dir, 'wrong.pem')];
    writeFileSync(ca, ours.cert);
    writeFileSync(wrong, other.cert);
    const { port } = await serve(createHttpsServer(ours));
    const url = `wss://127.0.0.1:${port}`;
    expect(await connect({ url, ca }).first).toBe('open');
    expect(await connect({ url }).first).toMatch(/self[- ]signed/);
    expect(await connect({ url, ca: wrong }).first).toMatch(/self[- ]signed|signature/);
    expect(await connect({ url, insecure: true }).first).toMatch(/self[- ]signed/);
    expect(await connect({ url: `wss://localhost:${port}`, ca }).first).toMatch(/does not match certificate/);
  });

  test('a file that is not there is said at once', () => {
    const ca = join(folder(), 'none.pem');
    expect(() => webSocket({ url: 'wss://robot:9090', ca })).toThrow(`the CA file ${ca} cannot be read (ENOENT)`);
  });

  test('a file that is no certificate trusts nobody', async () => {
    const ca = join(folder(), 'empty.pem');
    writeFileSync(ca, 'not a certificate');
    const { port } = await serve(createHttpsServer(selfSigned()));
    expect(await connect({ url: `wss://127.0.0.1:${port}`, ca }).first).not.toBe('open');
  });
});
