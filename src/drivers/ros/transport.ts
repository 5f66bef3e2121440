import { EventEmitter } from 'node:events';
import { type Inbound, readInbound } from './inbound.ts';
import type { OpenSocket, Socket } from './socket.ts';

export type TransportCounts = { received: number; refused: number };

export type TransportOptions = {
  readonly open: OpenSocket;
  /** Which topics were asked for; others are dropped. */
  readonly subscribed: (topic: string) => boolean;
  /** Sent before anything else. */
  readonly auth?: object | undefined;
  readonly counts: TransportCounts;
  /** One call for every message that was dropped. */
  readonly onRefused: (why: string) => void;
  readonly onPong: (mark: string) => void;
  readonly onClose: (why: string) => void;
};

/** What roslib talks through: our socket, and of what comes only messages that cannot harm. */
export function transport(options: TransportOptions) {
  const { open, subscribed, auth, counts, onRefused, onPong, onClose } = options;
  const events = new EventEmitter();
  let state: 'connecting' | 'open' | 'closed' = 'connecting';
  const read = (data: string | Uint8Array) => {
    counts.received++;
    const found = readInbound(data, subscribed);
    const refused = 'refused' in found ? found.refused : handOn(found.message);
    if (refused === undefined) return;
    counts.refused++;
    onRefused(refused);
  };
  const handOn = (message: Inbound) => {
    try {
      events.emit('message', message);
      return undefined;
    } catch (error) {
      return String(error); // roslib throws at what it did not expect
    }
  };
  const close = (why: string) => {
    if (state === 'closed') return;
    state = 'closed';
    events.emit('close', why);
    onClose(why);
  };
  const socket: Socket = open({
    onOpen: () => {
      state = 'open';
      if (auth !== undefined) socket.send(JSON.stringify(auth));
      events.emit('open', undefined);
    },
    onMessage: read,
    onPong,
    onClose: close,
  });
  const made = {
    on(event: string, listener: (value: never) => void) {
      events.on(event, listener as (value: unknown) => void);
      return made;
    },
    send: (message: object) => socket.send(JSON.stringify(message)),
    ping: (mark: string) => socket.ping(mark),
    close: () => {
      socket.kill();
      close('closed by us');
    },
    kill: (why: string) => {
      socket.kill();
      close(why);
    },
    isConnecting: () => state === 'connecting',
    isOpen: () => state === 'open',
    isClosing: () => false,
    isClosed: () => state === 'closed',
  };
  return made;
}
