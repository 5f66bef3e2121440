import { type WebSocket, WebSocketServer } from 'ws';
import { type Control, parseControl } from './control.ts';

export type ClientsOptions = {
  /** What a new client hears first. */
  readonly welcome: () => readonly (string | Uint8Array)[];
  readonly onControl: (control: Control) => void;
  readonly maxClients?: number;
  /** A client that leaves more than this unread is dropped; its page connects again. */
  readonly bufferLimitBytes?: number;
  readonly pingMs?: number;
};

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
  maxClients = 64,
  bufferLimitBytes = 1 << 20,
  pingMs = 5000,
}: ClientsOptions): Clients {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  const silent = new WeakSet<WebSocket>();

  const sendTo = (socket: WebSocket, message: string | Uint8Array) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > bufferLimitBytes) socket.terminate();
    else socket.send(message);
  };

  server.on('connection', (socket: WebSocket) => {
    socket.on('error', () => socket.terminate());
    if (server.clients.size > maxClients) return socket.close(1013, 'too many pages');
    socket.on('pong', () => silent.delete(socket));
    socket.on('message', (data, isBinary) => {
      const control = isBinary ? undefined : parseControl(data.toString());
      if (control === undefined) socket.close(1008, 'not a control');
      else onControl(control);
    });
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
