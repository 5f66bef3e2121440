import type { VirtualClock } from '../../src/clock.ts';
import type { OpenSocket, SocketEvents } from '../../src/drivers/ros/socket.ts';
import type { Random } from '../../src/random.ts';
import type { BodyClock } from './body-clock.ts';
import type { Faults } from './faults.ts';

/** What the world beyond the body sees of its messages. */
export type WireWatch = {
  /** A message leaves the body, on this connection. */
  readonly onSent: (connection: number, text: string) => void;
  /** The bridge on the other side has read it; the time it left. */
  readonly onRead: (connection: number, text: string, sentMs: number) => void;
  /** The first pong of a connection has come. */
  readonly onAnswered: (connection: number) => void;
  readonly onClosed: (connection: number) => void;
};

type Connection = {
  readonly id: number;
  readonly events: SocketEvents;
  open: boolean;
  dead: boolean;
  answered: boolean;
  unsent: number;
  outMs: number;
  inMs: number;
};

/** Connections between the body and a bridge, with all that befalls them. A connection keeps its order, as TCP does. */
export function network(world: VirtualClock, body: BodyClock, faults: () => Faults, random: Random, watch: WireWatch) {
  const alive = new Set<Connection>();
  let count = 0;
  const delay = () => {
    const f = faults();
    if (f.on('link slow')) return 5000 * f.intensity('link slow') ** 3 * random.uniform();
    if (f.on('link sliced')) return 5 + 40 * random.uniform();
    return 0.3 + 3 * random.uniform();
  };
  const frozen = () => faults().on('bridge frozen') || faults().on('reader wedged');
  const hole = () => faults().on('link half-open');

  /** Reads as soon as the bridge runs; what had come while it was frozen is read on the thaw, even of a dead connection. */
  const whenRunning = (work: () => void): void => {
    if (frozen()) world.schedule(() => whenRunning(work), 20);
    else work();
  };
  const toBody = (connection: Connection, work: () => void) => {
    connection.inMs = Math.max(connection.inMs, world.now() + delay());
    world.schedule(() => {
      if (!connection.dead && !hole()) body.awake(() => connection.dead || work());
    }, connection.inMs - world.now());
  };
  const toBridge = (connection: Connection, work: () => void) => {
    if (hole()) return;
    connection.outMs = Math.max(connection.outMs, world.now() + delay());
    world.schedule(() => whenRunning(work), connection.outMs - world.now());
  };
  const end = (connection: Connection, why: string) => {
    if (connection.dead) return;
    connection.dead = true;
    alive.delete(connection);
    watch.onClosed(connection.id);
    body.awake(() => connection.events.onClose(why));
  };

  const open: OpenSocket = (events) => {
    const connection: Connection = {
      id: ++count,
      events,
      open: false,
      dead: false,
      answered: false,
      unsent: 0,
      outMs: 0,
      inMs: 0,
    };
    alive.add(connection);
    if (faults().on('bridge down')) world.schedule(() => end(connection, 'refused'), 1);
    else {
      toBridge(connection, () =>
        toBody(connection, () => {
          connection.open = true;
          events.onOpen();
        }),
      );
      world.schedule(() => connection.open || end(connection, 'no handshake within 1000 ms'), 1000);
    }
    return {
      send: (text) => {
        if (!connection.open || connection.dead) return;
        watch.onSent(connection.id, text);
        const sentMs = world.now();
        if (faults().on('reader wedged')) connection.unsent += text.length;
        toBridge(connection, () => watch.onRead(connection.id, text, sentMs));
      },
      ping: (mark) => {
        if (!connection.open || connection.dead) return;
        toBridge(connection, () => {
          if (faults().on('answers lost') || faults().on('slow close')) return;
          toBody(connection, () => {
            if (!connection.answered) watch.onAnswered(connection.id);
            connection.answered = true;
            events.onPong(mark);
          });
        });
      },
      get bufferedAmount() {
        return connection.unsent;
      },
      close: () => kill(connection),
      kill: () => kill(connection),
    };
  };
  const kill = (connection: Connection) => {
    if (connection.dead) return;
    connection.dead = true;
    alive.delete(connection);
    watch.onClosed(connection.id);
  };

  return {
    open,
    /** Whether a connection stands, whatever the body has heard. */
    get stands() {
      return alive.size > 0;
    },
    /** Every connection ends, as seen from both sides. */
    reset: (why: string) => {
      for (const connection of [...alive]) end(connection, why);
    },
    slowClose: (ms: number) => {
      for (const connection of [...alive]) world.schedule(() => end(connection, 'closed (1001)'), ms);
    },
  };
}
