import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodeImage, IMAGE } from '../data/ros-image.ts';
import type { Frame } from '../drivers/driver.ts';
import { PremotorError } from '../errors.ts';
import type { Snapshot } from './telemetry.ts';

// The protocol of Foxglove's live connection (github.com/foxglove/ws-protocol): its two names differ in nothing else.

const PROTOCOLS = ['foxglove.sdk.v1', 'foxglove.websocket.v1'];
/** Who may look, besides programs that are no browser: Foxglove's own pages, and pages of this machine. */
const FRIENDS =
  /^(https:\/\/(app|studio)\.foxglove\.dev|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?|file:\/\/.*|foxglove:\/\/.*)$/;
/** Of a client, unread; more is not sent. */
const UNREAD = 4 << 20;
const DATA = 1;

export type FoxgloveOptions = {
  readonly port: number;
  readonly name: string;
  /** Wall time, ns. */
  readonly nowNs: () => bigint;
};

export interface FoxgloveServer {
  readonly url: string;
  publish(snapshot: Snapshot): void;
  publishFrame(name: string, frame: Frame): void;
  close(): Promise<void>;
}

type Channel = {
  readonly id: number;
  readonly topic: string;
  readonly encode: (value: never, ns: bigint) => Uint8Array;
} & Readonly<Record<'encoding' | 'schemaName' | 'schema' | 'schemaEncoding', string>>;

/**
 * Lets Foxglove look on, on this machine only: `/camera` and the like as images, `/state` as numbers to plot, `/plan` as paths, `/log` as
 * words. Nobody can do anything here.
 */
export async function serveFoxglove({ port, name, nowNs }: FoxgloveOptions): Promise<FoxgloveServer> {
  const sockets = new Map<WebSocket, Map<number, number>>(); // subscription by channel
  const channels: Channel[] = [
    json('/state', 'premotor.State'),
    json('/plan', 'premotor.Plan'),
    json('/log', 'premotor.Log'),
  ].map((channel, id) => ({ id, ...channel }));
  const server = new WebSocketServer({
    port,
    host: '127.0.0.1',
    maxPayload: 1 << 16,
    perMessageDeflate: false,
    verifyClient: ({ origin }: { origin?: string }) => origin === undefined || FRIENDS.test(origin),
    handleProtocols: (offered) => PROTOCOLS.find((each) => offered.has(each)) ?? false,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new PremotorError(`Foxglove cannot be served on port ${port}: ${cause.code ?? cause.message}`, {
          cause,
          hint: 'choose another with --foxglove',
        }),
      ),
    );
  });
  const told = (some: readonly Channel[]) =>
    JSON.stringify({ op: 'advertise', channels: some.map(({ encode: _, ...channel }) => channel) });

  server.on('connection', (socket) => {
    if (!PROTOCOLS.includes(socket.protocol)) return socket.close(1002, `speak ${PROTOCOLS.join(' or ')}`);
    const wanted = new Map<number, number>();
    sockets.set(socket, wanted);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.terminate());
    socket.on('message', (data, isBinary) => {
      if (isBinary || !heed(data.toString(), wanted)) socket.close(1008, 'not a subscription');
    });
    socket.send(JSON.stringify({ op: 'serverInfo', name, capabilities: [], supportedEncodings: [], metadata: {} }));
    socket.send(told(channels));
  });

  const channelOf = (topic: string): Channel => {
    const known = channels.find((channel) => channel.topic === topic);
    if (known) return known;
    const channel = { id: channels.length, ...image(topic) };
    channels.push(channel);
    for (const socket of sockets.keys()) socket.send(told([channel]));
    return channel;
  };
  const send = (topic: string, value: unknown) => {
    if (sockets.size === 0) return;
    const { id, encode } = channelOf(topic);
    const ns = nowNs();
    let bytes: Uint8Array | undefined;
    for (const [socket, wanted] of sockets) {
      const subscription = wanted.get(id);
      if (subscription === undefined || socket.bufferedAmount > UNREAD) continue;
      bytes ??= encode(value as never, ns);
      socket.send(message(subscription, ns, bytes));
    }
  };
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish: ({ paths, log, costs: _, ...state }) => {
      send('/state', state);
      if (paths) send('/plan', paths);
      for (const text of log?.split('\n') ?? []) send('/log', { text });
    },
    publishFrame: (of, frame) => send(`/${of}`, { of, frame }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.keys()) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

/** Notes what a client wants; false for words that are none of this protocol. */
function heed(text: string, wanted: Map<number, number>): boolean {
  try {
    const said = JSON.parse(text) as Record<string, unknown>;
    if (said.op === 'subscribe' && Array.isArray(said.subscriptions)) {
      for (const { id, channelId } of said.subscriptions as Record<string, number>[]) wanted.set(channelId!, id!);
      return true;
    }
    if (said.op === 'unsubscribe' && Array.isArray(said.subscriptionIds)) {
      for (const [channel, id] of wanted) if (said.subscriptionIds.includes(id)) wanted.delete(channel);
      return true;
    }
    return typeof said.op === 'string'; // what else a client may say needs no answer
  } catch {
    return false;
  }
}

/** Opcode, subscription, time, payload. */
function message(subscription: number, ns: bigint, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(13 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, DATA);
  view.setUint32(1, subscription, true);
  view.setBigUint64(5, ns, true);
  bytes.set(payload, 13);
  return bytes;
}

const json = (topic: string, schemaName: string) => ({
  topic,
  encoding: 'json',
  schemaName,
  schema: '{"type":"object"}',
  schemaEncoding: 'jsonschema',
  encode: (value: object) => Buffer.from(JSON.stringify(value)),
});

/** As recordings hold it. */
const image = (topic: string) => ({
  topic,
  encoding: IMAGE.encoding,
  schemaName: IMAGE.schema,
  schema: IMAGE.definition,
  schemaEncoding: 'ros1msg',
  encode: ({ of, frame }: { of: string; frame: Frame }, ns: bigint) => encodeImage(frame, of, 0, ns),
});
