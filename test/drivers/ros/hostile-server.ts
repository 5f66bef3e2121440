import { type WebSocket, WebSocketServer } from 'ws';

type Op = Record<string, unknown> & { readonly op: string };

/** A WebSocket server that hears everything, and says what it is told to. */
export async function hostileServer(hear: (op: Op, socket: WebSocket) => void = () => {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  /** What was heard, connection by connection. */
  const heard: Op[][] = [];
  const waiting = new Set<() => void>();
  server.on('connection', (socket) => {
    const mine: Op[] = [];
    heard.push(mine);
    socket.on('error', () => {});
    socket.on('message', (data) => {
      const op = JSON.parse(data.toString()) as Op;
      mine.push(op);
      hear(op, socket);
      for (const look of waiting) look();
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}`,
    heard,
    get sockets() {
      return [...server.clients];
    },
    /** Resolves when what was heard fits. */
    until: (fits: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!fits()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: () => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
