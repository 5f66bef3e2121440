import { WebSocket } from 'ws';

type Wire = Record<string, unknown>;

/** Says something to a bridge and waits for a JSON message that fits. Rejects when the bridge closes the socket before. */
export function untilHeard(
  url: string,
  messages: readonly Wire[],
  fits: (message: Wire) => boolean,
  headers: Record<string, string> = {},
): Promise<Wire> {
  const socket = new WebSocket(url, { headers });
  return new Promise<Wire>((resolve, reject) => {
    socket.on('open', () => {
      for (const message of messages) socket.send(JSON.stringify(message));
    });
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? {} : JSON.parse(data.toString());
      if (fits(message)) resolve(message);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the bridge closed the socket')));
  }).finally(() => socket.terminate());
}
