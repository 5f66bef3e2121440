import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type ToxicProxy, toxicProxy } from './toxic-proxy.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A server that keeps what it hears and says everything back, behind a proxy. */
async function echo() {
  const heard: Buffer[] = [];
  let near: Socket | undefined;
  const server = createServer((socket) => {
    near = socket;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      heard.push(data);
      socket.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await toxicProxy({ port: (server.address() as { port: number }).port });
  ends.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => proxy.close(),
  );
  return { proxy, heard: () => Buffer.concat(heard).toString(), pieces: heard, peer: () => near! };
}

const closing = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

async function client({ port }: ToxicProxy) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  const got: Buffer[] = [];
  let error: string | undefined;
  socket.on('data', (data) => got.push(data));
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code;
  });
  const closed = closing(socket).then(() => error ?? 'ended');
  ends.push(() => socket.destroy());
  const text = () => Buffer.concat(got).toString();
  const hears = async (wanted: string) => {
    while (text() !== wanted) await once(socket, 'data');
  };
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  return { socket, closed, text, hears };
}

test('passes everything on, both ways, and the end', async () => {
  const { proxy } = await echo();
  const { socket, hears, closed } = await client(proxy);
  socket.write('hello');
  await hears('hello');
  socket.end();
  expect(await closed).toBe('ended');
});

test('holds all in a black hole, and lets it go when healed', async () => {
  const { proxy, heard } = await echo();
  const { socket, hears } = await client(proxy);
  await proxy.set({ kind: 'timeout' });
  socket.write('one');
  await pause(50);
  expect(heard()).toBe('');
  await proxy.set();
  await hears('one');
});

test.each([20, 0])(
  'drops what it holds of a connection that is reset %i ms later, and passes the reset on',
  async (ms) => {
    const { proxy, heard, peer } = await echo();
    const { socket, hears } = await client(proxy);
    socket.write('seen');
    await hears('seen');
    await proxy.set({ kind: 'timeout' });
    socket.write('never');
    if (ms > 0) await pause(ms);
    const gone = closing(peer());
    socket.resetAndDestroy();
    await gone;
    await proxy.set();
    await pause(20);
    expect({ heard: heard(), connections: proxy.connections }).toEqual({ heard: 'seen', connections: 0 });
  },
);

test.each([
  { kind: 'latency', ms: 40, jitterMs: 10 },
  { kind: 'bandwidth', bytesPerSecond: 200 },
  { kind: 'slicer', bytes: 2, pauseMs: 10 },
] as const)('keeps bytes and their order: %o', async (toxic) => {
  const { proxy, pieces, heard } = await echo();
  const { socket, hears } = await client(proxy);
  await proxy.set(toxic);
  const text = 'abcdefghijklmnop';
  const beganMs = performance.now();
  socket.write(text);
  await hears(text);
  expect(performance.now() - beganMs).toBeGreaterThan(45);
  expect(heard()).toBe(text);
  if (toxic.kind === 'slicer') expect(pieces.length).toBeGreaterThan(4);
});

test('is down, and up again at the same place', async () => {
  const { proxy } = await echo();
  const before = await client(proxy);
  await proxy.set({ kind: 'down' });
  expect(await before.closed).toBe('ended');
  expect(await (await client(proxy)).closed).toBe('ECONNREFUSED');
  await proxy.set();
  const after = await client(proxy);
  after.socket.write('hi');
  await after.hears('hi');
});

test('resets connections, old and new', async () => {
  const { proxy } = await echo();
  const before = await client(proxy);
  before.socket.write('hi');
  await before.hears('hi');
  await proxy.set({ kind: 'reset_peer' });
  expect(await before.closed).toBe('ECONNRESET');
  expect(await (await client(proxy)).closed).toBe('ECONNRESET');
});

test('closes a connection after so many bytes', async () => {
  const { proxy, heard } = await echo();
  const { socket, closed } = await client(proxy);
  await proxy.set({ kind: 'limit_data', bytes: 5 });
  socket.write('12345678');
  await closed;
  expect(heard()).toBe('12345');
});

test('tells late that the far end has gone', async () => {
  const { proxy } = await echo();
  const { socket, hears, closed } = await client(proxy);
  socket.write('hi');
  await hears('hi');
  await proxy.set({ kind: 'slow_close', ms: 80 });
  const beganMs = performance.now();
  proxy.hangUp();
  expect(await closed).toBe('ended');
  expect(performance.now() - beganMs).toBeGreaterThan(75);
});
