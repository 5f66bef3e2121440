import type { Clock } from '../../../src/clock.ts';
import type { OpenSocket, SocketEvents } from '../../../src/drivers/ros/socket.ts';

export type Said = { readonly atMs: number; readonly text?: string; readonly ping?: string; readonly pong?: string };

/** One connection, as the far side of it sees it: what was said, in order, and the answers as they came back. */
export type Connection = { readonly log: Said[]; state: 'connecting' | 'open' | 'closed' | 'killed' };

/** The smallest bridge: it opens, answers pings, and can be told not to. */
export function fakeBridge(clock: Clock) {
  const connections: Connection[] = [];
  const bridge = { connections, refuses: false, answers: true, opens: true, delayMs: 1, buffered: 0, end, open };
  let living: { readonly connection: Connection; readonly events: SocketEvents } | undefined;

  function end(why: string): void {
    const { connection, events } = living ?? {};
    if (connection === undefined || !alive(connection)) return;
    connection.state = 'closed';
    events!.onClose(why);
  }
  function open(events: SocketEvents): ReturnType<OpenSocket> {
    const connection: Connection = { log: [], state: 'connecting' };
    connections.push(connection);
    living = { connection, events };
    const note = (said: Omit<Said, 'atMs'>) => {
      if (connection.state === 'open') connection.log.push({ atMs: clock.now(), ...said });
    };
    const later = (work: () => void) => clock.schedule(() => alive(connection) && work(), bridge.delayMs);
    later(() => {
      if (bridge.refuses) end('connect ECONNREFUSED');
      else if (bridge.opens) {
        connection.state = 'open';
        events.onOpen();
      }
    });
    return {
      send: (text) => note({ text }),
      ping: (ping) => {
        note({ ping });
        if (bridge.answers)
          later(() => {
            note({ pong: ping });
            events.onPong(ping);
          });
      },
      get bufferedAmount() {
        return bridge.buffered;
      },
      close: () => {
        connection.state = 'closed';
      },
      kill: () => {
        connection.state = 'killed';
      },
    };
  }
  return bridge;
}

const alive = ({ state }: Connection) => state === 'connecting' || state === 'open';

/** What was published on a connection, oldest first. */
export const publishedOn = ({ log }: Connection) =>
  log.flatMap(({ atMs, text }) => {
    const said = text === undefined ? {} : JSON.parse(text);
    return said.op === 'publish' ? [{ atMs, topic: said.topic as string, msg: said.msg as { data: number } }] : [];
  });
