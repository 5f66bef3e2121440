import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock, realClock } from '../../src/clock.ts';
import { LinkLost } from '../../src/errors.ts';
import { encoder } from './encode.ts';
import type { RosGraph } from './graph.ts';
import { rosapi } from './rosapi.ts';
import { session } from './session.ts';

export type BridgeOptions = {
  readonly graph: RosGraph;
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
  readonly clock?: Clock;
  /** Copies the faults of the real servers: what they lose or alter without a word. */
  readonly faults?: boolean;
  /** Clients must send `auth` with this `mac` first, or a bearer `token` when connecting. */
  readonly auth?: { readonly mac?: string; readonly token?: string };
  /** A longer message ends its connection. */
  readonly maxMessageBytes?: number;
  /** Messages are left out for a client that leaves more than this unread; a ROS 2 server with faults never does that. */
  readonly sendLimitBytes?: number;
  /** Told all that the clients are not. */
  readonly onNote?: (line: string) => void;
};

export interface RosBridge {
  readonly url: string;
  readonly port: number;
  /** Clients connected now. */
  readonly clients: number;
  close(): Promise<void>;
}

/**
 * A rosbridge server, protocol version 2, for a graph in this process. Clients never hear of an error, as with the real ones.
 * Rejects with `LinkLost` when it cannot listen there.
 */
export async function rosBridge(options: BridgeOptions): Promise<RosBridge> {
  const { graph, port, host = '127.0.0.1', clock = realClock(), faults = false, auth = {} } = options;
  const { maxMessageBytes = 10_000_000, sendLimitBytes = 8 << 20, onNote = () => {} } = options;
  const encode = encoder(graph.version, graph.now);
  const limit = faults && graph.version === 2 ? Infinity : sendLimitBytes;
  const server = new WebSocketServer({
    port,
    host,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      auth.token === undefined || same(req.headers.authorization ?? '', `Bearer ${auth.token}`),
  });

  server.on('connection', (socket: WebSocket) => {
    const client = session({
      graph,
      clock,
      encoder: encode,
      node: '/rosbridge_websocket',
      faults,
      sendLimitBytes: limit,
      ...(auth.mac !== undefined && { admits: ({ mac }) => typeof mac === 'string' && same(mac, auth.mac!) }),
      note: onNote,
      wire: {
        send: (data, done) => {
          if (socket.readyState === socket.OPEN) socket.send(data, () => done?.());
        },
        get buffered() {
          return socket.bufferedAmount;
        },
        close: () => socket.close(),
      },
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) onNote('a binary message: only JSON is understood');
      else client.receive(data.toString());
    });
    socket.on('error', (error) => {
      onNote(`a connection broke: ${error.message}`);
    });
    socket.on('close', () => client.close());
  });

  await listening(server, host, port);
  const endApi = rosapi(graph);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    get clients() {
      return server.clients.size;
    },
    close: () =>
      new Promise((resolve) => {
        endApi();
        for (const socket of server.clients) {
          socket.close(1001);
          setTimeout(() => socket.terminate(), 200).unref();
        }
        server.close(() => resolve());
      }),
  };
}

function listening(server: WebSocketServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const message = taken ? `port ${port} is taken` : `nothing can listen on ${host}:${port} (${cause.code})`;
      const hint = taken ? 'choose another one, or 0 for any free one' : 'the host must be an address of this machine';
      reject(new LinkLost(message, { hint, cause }));
    };
    server.once('error', fail);
    server.once('listening', () => {
      server.off('error', fail);
      server.on('error', () => {}); // a connection that breaks is no trouble of the server
      resolve();
    });
  });
}

/** Takes as long for a near miss as for a far one. */
function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
