import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type Control, parseControl, parseGoal } from './control.ts';
import type { Role } from './doors.ts';
import type { ServerMessage } from './telemetry.ts';

export type ClientsOptions = {
  /** What a new client hears first. */
  readonly welcome: () => readonly (string | Uint8Array)[];
  readonly onControl: (control: Control) => void;
  /** Side of goal pictures, px; without it none are taken. */
  readonly goalSize?: number | undefined;
  readonly maxClients?: number;
  /** A client that leaves more than this unread is dropped; its page connects again. */
  readonly bufferLimitBytes?: number;
  readonly pingMs?: number;
};

/** Bytes of a message of words, at most, and of a picture before its pixels. */
const [WORDS, HEADER] = [1024, 5];

export interface Clients {
  readonly server: WebSocketServer;
  readonly count: number;
  send(message: string | Uint8Array): void;
  close(): void;
}

/** The pages that listen. Sending never waits for any of them. */
export function clients({
  welcome,
  onControl,
  goalSize,
  maxClients = 64,
  bufferLimitBytes = 1 << 20,
  pingMs = 5000,
}: ClientsOptions): Clients {
  const maxPayload = Math.max(WORDS, goalSize === undefined ? 0 : HEADER + 3 * goalSize ** 2);
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  const silent = new WeakSet<WebSocket>();

  const goalIn = (data: RawData) =>
    goalSize === undefined ? undefined : parseGoal(new Uint8Array(data as Buffer), goalSize);
  const sendTo = (socket: WebSocket, message: string | Uint8Array) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > bufferLimitBytes) socket.terminate();
    else socket.send(message);
  };

  server.on('connection', (socket: WebSocket, role: Role) => {
    socket.on('error', () => socket.terminate());
    if (server.clients.size > maxClients) return socket.close(1013, 'too many pages');
    socket.on('pong', () => silent.delete(socket));
    socket.on('message', (data, isBinary) => {
      const control = isBinary ? goalIn(data) : parseControl(data.toString().slice(0, WORDS + 1));
      if (control === undefined) socket.close(1008, 'not a control');
      else if (role !== 'act') socket.close(1008, 'may only look');
      else onControl(control);
    });
    if (role !== 'act') sendTo(socket, JSON.stringify({ kind: 'role', role } satisfies ServerMessage));
    for (const message of welcome()) sendTo(socket, message);
  });

  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, pingMs).unref();

  return {
    server,
    get count() {
      return server.clients.size;
    },
    send: (message) => {
      for (const socket of server.clients) sendTo(socket, message);
    },
    close: () => {
      clearInterval(pinging);
      for (const socket of server.clients) {
        socket.close(1001, 'the run is over');
        setTimeout(() => socket.terminate(), 500).unref();
      }
    },
  };
}
