import { BehaviorSubject, distinctUntilChanged, type Observable, Subject, Subscription } from 'rxjs';
import { type Clock, pause } from '../../clock.ts';
import { pulse } from '../../pulse.ts';
import type { Random } from '../../random.ts';
import type { OpenSocket, Socket } from './socket.ts';

/** A topic that may be published to, and its type as the bridge calls it. */
export type Advertised = { readonly topic: string; readonly type: string };
export type Publication = { readonly topic: string; readonly msg: object };

/** `down`: waiting to try again. `greeting`: connected; nothing but rest is sent, until it answers and is settled. `up`: motion may pass. */
export type LinkState = 'connecting' | 'greeting' | 'up' | 'down' | 'closed';

export type LinkCounts = {
  connections: number;
  /** Commands that left, those of them that were rest, and those that did not leave. */
  commands: number;
  rests: number;
  dropped: number;
  /** Other messages that left, and that did not. */
  published: number;
  unpublished: number;
  /** Publishes outside the list of topics. */
  refused: number;
};

export type CommandLinkOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly open: OpenSocket;
  /** The only topics ever published to. */
  readonly topics: readonly Advertised[];
  /** The command that is safe to repeat for ever. */
  readonly rest: () => Publication;
  /** Sent before anything else on every connection. */
  readonly auth?: object | undefined;
  /** The bridge is asked this often whether it is there (50 ms), and given up when it owes an answer for so long (150 ms). */
  readonly pingMs?: number | undefined;
  readonly doubtMs?: number | undefined;
  /** Nothing but rest leaves for so long after the topics were advertised: 1,000 ms unless given (see `SETTLE_MS`). */
  readonly settleMs?: number | undefined;
  /** Given up when more than this waits to be sent: 64 KiB unless given. */
  readonly bufferBytes?: number | undefined;
  /** Waits between attempts: from 100 ms, doubled each time, up to 500 ms, any part of it by chance. */
  readonly leastMs?: number | undefined;
  readonly mostMs?: number | undefined;
  readonly onLost?: ((why: string) => void) | undefined;
};

/**
 * The way of commands to a rosbridge. It has no queue: what cannot leave now is dropped. The first message of a connection is
 * rest, repeated until the bridge answers and has settled; no motion leaves while an earlier one is unanswered, so that of a bridge that
 * freezes one command at most is left behind; one that does not answer is cut off, with all that was on its way.
 */
export interface CommandLink {
  readonly state$: Observable<LinkState>;
  readonly state: LinkState;
  /** Why the last connection was lost. */
  readonly trouble: string | undefined;
  readonly counts: Readonly<LinkCounts>;
  /** Sends a command now, or not at all. Rest is sent whenever there is a connection. */
  command(publication: Publication, resting: boolean): boolean;
  /** Sends something else, where nothing waits before it. */
  publish(publication: Publication): boolean;
  /** Sends rest, and tells whether the bridge has taken it. */
  prove(): Promise<boolean>;
  /** The last rest, its answer awaited for `graceMs` at most; a moment for it to reach the robot; the end. Tells whether it came. */
  close(graceMs?: number): Promise<boolean>;
}

/** A rosbridge drops what it has read but not passed on yet when its client goes: the last rest is given time to pass, ms. */
const LINGER_MS = 100;

/**
 * A rosbridge of ROS 1 keeps what is published in a topic's first second and hands it to whoever subscribes then: a robot that starts anew would be
 * moved by what was meant for the one before. So that second holds rest alone, ms.
 */
const SETTLE_MS = 1000;

export function commandLink(options: CommandLinkOptions): CommandLink {
  const { clock, random, open, topics, rest, auth, onLost } = options;
  const { pingMs = 50, doubtMs = 150, bufferBytes = 65_536, leastMs = 100, mostMs = 500 } = options;
  const { settleMs = SETTLE_MS } = options;
  const allowed = new Set(topics.map(({ topic }) => topic));
  const state$ = new BehaviorSubject<LinkState>('connecting');
  const counts = { connections: 0, commands: 0, rests: 0, dropped: 0, published: 0, unpublished: 0, refused: 0 };
  let socket: Socket | undefined;
  let living = new Subscription(); // what lasts as long as a connection
  let trouble: string | undefined;
  let attempts = 0;
  let marks = 0;
  let closing = false; // the last rest has been said: no motion leaves behind it
  let unanswered: string | undefined; // the mark behind the last motion
  let asked: string[] = []; // marks that are not answered yet, in order
  const proofs = new Map<string, (proved: boolean) => void>();

  const say = (message: object) => socket!.send(JSON.stringify(message));
  const send = ({ topic, msg }: Publication): boolean => {
    if (!allowed.has(topic)) {
      counts.refused++;
      return false;
    }
    say({ op: 'publish', topic, msg });
    return true;
  };
  const ask = (name: string) => {
    asked.push(name);
    socket?.ping(name);
    return name;
  };
  const mark = (kind: string) => ask(`${kind}${++marks}`);
  const forget = () => {
    living.unsubscribe();
    socket = undefined;
    unanswered = undefined;
    asked = [];
    for (const prove of proofs.values()) prove(false);
    proofs.clear();
  };

  const connect = () => {
    state$.next('connecting');
    const answers$ = new Subject<number>();
    const connection = counts.connections + 1;
    const mine = () => connection === counts.connections && state$.value !== 'closed';
    counts.connections = connection;
    living = new Subscription();
    socket = open({
      onOpen: () => mine() && greet(answers$),
      onMessage: () => {}, // it answers pings; all else comes on another connection
      onPong: (name) => {
        const answered = mine() ? asked.splice(0, asked.indexOf(name) + 1) : [];
        for (const one of answered) if (mine()) heed(one, answers$); // a peer may answer the newest ping only
      },
      onClose: (why) => mine() && lose(why),
    });
  };

  const heed = (name: string, answers$: Subject<number>) => {
    if (name === unanswered) unanswered = undefined;
    proofs.get(name)?.(true);
    proofs.delete(name);
    if (name.startsWith('p')) answers$.next(Number(name.slice(1)));
  };

  const greet = (answers$: Subject<number>) => {
    if (auth !== undefined) say(auth);
    for (const { topic, type } of topics) say({ op: 'advertise', topic, type });
    state$.next('greeting');
    const settledMs = clock.now() + settleMs;
    const inquire = (count: number) => {
      if (state$.value === 'greeting') repose();
      ask(`p${count}`);
    };
    living.add(
      pulse(inquire, answers$, { clock, everyMs: pingMs, hangMs: doubtMs }).subscribe(({ owedMs, hangs }) => {
        if (hangs) lose(`the bridge has not answered for ${Math.round(owedMs)} ms`);
      }),
    );
    living.add(
      answers$.subscribe(() => {
        if (state$.value !== 'greeting' || clock.now() < settledMs) return;
        attempts = 0;
        state$.next('up');
      }),
    );
  };

  const lose = (why: string) => {
    trouble = why;
    socket?.kill();
    forget();
    state$.next('down');
    onLost?.(why);
    const waitMs = random.uniform() * Math.min(mostMs, leastMs * 2 ** attempts++);
    living = new Subscription();
    living.add(clock.schedule(() => state$.value === 'down' && connect(), waitMs));
  };

  /** Rest, on the wire. */
  const repose = () => {
    if (!send(rest())) return;
    counts.commands++;
    counts.rests++;
  };
  const connected = () => socket !== undefined && (state$.value === 'greeting' || state$.value === 'up');
  const crowded = () => socket !== undefined && socket.bufferedAmount > bufferBytes;

  connect();
  return {
    state$: state$.pipe(distinctUntilChanged()),
    get state() {
      return state$.value;
    },
    get trouble() {
      return trouble;
    },
    counts,
    command(publication, resting) {
      if (crowded()) lose(`${socket!.bufferedAmount} bytes wait to be sent`);
      const ready = resting ? connected() : state$.value === 'up' && !closing && unanswered === undefined;
      if (!ready || !send(publication)) {
        counts.dropped++;
        return false;
      }
      counts.commands++;
      if (resting) counts.rests++;
      else unanswered = mark('c');
      return true;
    },
    publish(publication) {
      if (state$.value === 'up' && socket!.bufferedAmount === 0 && send(publication)) {
        counts.published++;
        return true;
      }
      counts.unpublished++;
      return false;
    },
    prove() {
      if (!connected()) return Promise.resolve(false);
      repose();
      return new Promise((resolve) => proofs.set(mark('r'), resolve));
    },
    async close(graceMs = 300) {
      closing = true;
      const came = await new Promise<boolean>((resolve) => {
        const late = clock.schedule(() => resolve(false), graceMs);
        void this.prove().then((proved) => {
          late.unsubscribe();
          resolve(proved);
        });
      });
      if (came) await pause(LINGER_MS, clock);
      const last = socket;
      forget();
      state$.next('closed');
      state$.complete();
      if (came) last?.close();
      else last?.kill();
      return came;
    },
  };
}
