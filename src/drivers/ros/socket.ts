import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket as TcpSocket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import { BadConfig } from '../../errors.ts';

/** What a socket tells. After `onClose` nothing comes any more. */
export type SocketEvents = {
  readonly onOpen: () => void;
  readonly onMessage: (data: string | Uint8Array) => void;
  readonly onPong: (mark: string) => void;
  readonly onClose: (why: string) => void;
};

/** A connection to a bridge, or an attempt at one. */
export interface Socket {
  send(text: string): void;
  /** Asks for a pong with this mark, behind everything sent before. */
  ping(mark: string): void;
  /** Bytes handed over that have not left yet. */
  readonly bufferedAmount: number;
  /** Says goodbye and waits for what was sent to leave. */
  close(): void;
  /** Ends it at once, and what has not left yet with it. Nothing is told of it. */
  kill(): void;
}

export type OpenSocket = (events: SocketEvents) => Socket;

export type WebSocketOptions = {
  readonly url: string;
  /** PEM file of the authority that signed the bridge's certificate. */
  readonly ca?: string | undefined;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Allows `ws://` to other machines. */
  readonly insecure?: boolean | undefined;
  /** The largest message taken, bytes: 8 MiB unless given. */
  readonly maxPayload?: number | undefined;
};

/**
 * Opens WebSockets to a bridge. Throws `BadConfig` for an address or a token that is none, for plain `ws://` to another machine
 * without `insecure`, and for a CA file that cannot be read.
 */
export function webSocket(options: WebSocketOptions): OpenSocket {
  const { token, maxPayload = 8 << 20 } = options;
  const url = checkUrl(options);
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new BadConfig('the token must be visible ASCII letters, without spaces or line ends');
  const ca = options.ca === undefined ? {} : { ca: readCa(options.ca) };
  const headers = token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } };

  return ({ onOpen, onMessage, onPong, onClose }) => {
    let tcp: TcpSocket | undefined; // beneath TLS, where there is some: only this one can be reset
    const dial = ({ host = '', port, timeout = 0 }: ConnectionOptions) => {
      tcp = connectTcp({ host, port: Number(port) });
      const dialled = url.startsWith('wss:')
        ? connectTls({ ...ca, socket: tcp, host, servername: isIP(host) ? '' : host })
        : tcp;
      return dialled.setTimeout(timeout);
    };
    const socket = new WebSocket(url, {
      ...headers,
      createConnection: dial as typeof connectTcp,
      maxPayload,
      perMessageDeflate: false,
      handshakeTimeout: 1000,
      followRedirects: false,
    });
    let over = false;
    let trouble: string | undefined;
    const end = (why: string) => {
      if (over) return;
      over = true;
      onClose(why);
    };
    socket.on('open', () => over || onOpen());
    socket.on('message', (data: Buffer, isBinary) => over || onMessage(isBinary ? data : data.toString()));
    socket.on('pong', (data) => over || onPong(data.toString()));
    socket.on('error', ({ message }) => {
      trouble = message || 'no connection';
    });
    socket.on('close', (code, reason) => end(trouble ?? `closed (${code}${reason.length > 0 ? ` ${reason}` : ''})`));
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      ping: (mark) => {
        if (socket.readyState === WebSocket.OPEN) socket.ping(mark);
      },
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      close: () => socket.close(),
      kill: () => {
        over = true;
        if (tcp?.connecting === false) tcp.resetAndDestroy(); // a reset: the system forgets what it has not sent
        socket.terminate();
      },
    };
  };
}

function checkUrl({ url, insecure = false }: WebSocketOptions): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new BadConfig(`the bridge's address must be like ws://127.0.0.1:9090, got "${url}"`, { cause });
  }
  const { protocol, hostname, hash } = parsed;
  if (hash !== '') throw new BadConfig(`the bridge's address must have nothing behind a #, got "${url}"`);
  if (protocol !== 'ws:' && protocol !== 'wss:')
    throw new BadConfig(`the bridge's address must begin with ws:// or wss://, got "${url}"`);
  if (protocol === 'ws:' && !insecure && !isLoopback(hostname))
    throw new BadConfig(
      `plain ws:// to another machine (${hostname}) is refused: anyone on the way could drive the robot`,
      {
        hint: 'use wss:// (ros.ca names the authority), or say --insecure if the network is yours alone',
      },
    );
  return url;
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new BadConfig(`the CA file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}
