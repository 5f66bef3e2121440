import { type ITransport, Ros, Service, Topic } from 'roslib';
import {
  BehaviorSubject,
  distinctUntilChanged,
  firstValueFrom,
  from,
  Observable,
  Subject,
  Subscription,
  throwError,
  timeout,
} from 'rxjs';
import type { Clock } from '../../clock.ts';
import { LinkLost } from '../../errors.ts';
import { pulse } from '../../pulse.ts';
import type { Random } from '../../random.ts';
import type { OpenSocket } from './socket.ts';
import { type TransportCounts, transport } from './transport.ts';
import type { Compression } from './version.ts';

export type Wanted = {
  readonly topic: string;
  /** As the bridge calls it. */
  readonly type: string;
  readonly compression: Compression;
  /** At most one message in so many ms; 0 asks for all. */
  readonly throttleMs?: number;
};
export type Received = { readonly msg: unknown; readonly receivedMs: number };

export type BridgeOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly open: OpenSocket;
  /** Only to tell people. */
  readonly url: string;
  readonly auth?: object | undefined;
  readonly pingMs?: number | undefined;
  readonly doubtMs?: number | undefined;
  readonly mostMs?: number | undefined;
  readonly onLost?: ((why: string) => void) | undefined;
  /** Told of messages that were dropped, the first of each second. */
  readonly onRefused?: ((why: string) => void) | undefined;
};

/** The way of everything but commands: topics in, questions and answers. It connects again by itself, and asks again. */
export interface Bridge {
  readonly connected$: Observable<boolean>;
  readonly connected: boolean;
  readonly trouble: string | undefined;
  readonly counts: Readonly<TransportCounts & { connections: number }>;
  topic(wanted: Wanted): Observable<Received>;
  /** Rejects with `LinkLost` when the service is unknown, refuses, or has not answered in time (2 s unless given). */
  call(service: string, args?: object, deadlineMs?: number): Promise<unknown>;
  close(): void;
}

/** So many refused messages in a second are a flood: the connection is cut. */
const FLOOD = 500;

/** roslib, kept from what would harm it: see `docs/ros.md` for what that is. */
export function rosBridge(options: BridgeOptions): Bridge {
  const { clock, random, open, url, auth, onLost, onRefused } = options;
  const { pingMs = 50, doubtMs = 500, mostMs = 500 } = options;
  const connected$ = new BehaviorSubject(false);
  const counts = { received: 0, refused: 0, connections: 0 };
  const topics = new Map<string, number>();
  let line: ReturnType<typeof transport> | undefined;
  let living = new Subscription();
  let trouble: string | undefined;
  let attempts = 0;
  let closed = false;

  const flood = flooded(clock, FLOOD, () => line?.kill(`${FLOOD} messages in a second were none to be taken`));
  const ros = new Ros({
    transportFactory: async () => {
      const answers$ = new Subject<number>();
      const made = transport({
        open,
        auth,
        counts,
        subscribed: (topic) => topics.has(topic),
        onRefused: (why) => flood(() => onRefused?.(why)),
        onPong: (mark) => answers$.next(Number(mark)),
        onClose: lost,
      });
      line = made;
      counts.connections++;
      living = new Subscription();
      made.on('open', () => {
        connected$.next(true);
        living.add(
          pulse((count) => made.ping(`${count}`), answers$, { clock, everyMs: pingMs, hangMs: doubtMs }).subscribe(
            ({ owedMs, hangs }) => {
              if (hangs) made.kill(`the bridge has not answered for ${Math.round(owedMs)} ms`);
              else if (owedMs === 0) attempts = 0;
            },
          ),
        );
      });
      return made as unknown as ITransport;
    },
  });

  function lost(why: string): void {
    living.unsubscribe();
    if (closed) return;
    trouble = why;
    connected$.next(false);
    onLost?.(why);
    const waitMs = random.uniform() * Math.min(mostMs, 100 * 2 ** attempts++);
    living = new Subscription();
    living.add(clock.schedule(connect, waitMs));
  }
  const connect = () => {
    if (!closed) void ros.connect(url);
  };
  connect();

  return {
    connected$: connected$.pipe(distinctUntilChanged()),
    get connected() {
      return connected$.value;
    },
    get trouble() {
      return trouble;
    },
    counts,
    topic: ({ topic: name, type, compression, throttleMs = 0 }) =>
      new Observable<Received>((subscriber) => {
        const asked = new Topic<object>({
          ros,
          name,
          messageType: type,
          compression,
          throttle_rate: throttleMs,
          queue_length: 1,
        });
        topics.set(name, (topics.get(name) ?? 0) + 1);
        const hear = (msg: object) => subscriber.next({ msg, receivedMs: clock.now() });
        asked.subscribe(hear);
        return () => {
          asked.unsubscribe(hear);
          const left = topics.get(name)! - 1;
          if (left > 0) topics.set(name, left);
          else topics.delete(name);
        };
      }),
    async call(name, args = {}, deadlineMs = 2000) {
      if (!connected$.value) throw new LinkLost(`${name} cannot be asked: there is no connection to ${url}`);
      const service = new Service<object, unknown>({ ros, name, serviceType: '' });
      const answer = new Promise<unknown>((resolve, reject) =>
        service.callService(args, resolve, (why) => reject(new LinkLost(`${name} says: ${String(why)}`))),
      );
      answer.catch(() => {}); // one that comes too late
      const late = () =>
        new LinkLost(`${name} has not answered within ${deadlineMs} ms`, {
          hint:
            auth === undefined
              ? `is there a rosbridge with rosapi at ${url}?`
              : `is ros.auth right? A bridge that refuses it says nothing. Else: is there rosapi at ${url}?`,
        });
      return firstValueFrom(
        from(answer).pipe(timeout({ first: deadlineMs, scheduler: clock, with: () => throwError(late) })),
      );
    },
    close() {
      closed = true;
      living.unsubscribe();
      line?.close(); // roslib does not know yet of one that has just been begun
      connected$.next(false);
      connected$.complete();
    },
  };
}

/** Tells the first of each second; when there are too many, cuts. */
function flooded(clock: Clock, most: number, cut: () => void) {
  let sinceMs = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (tell: () => void) => {
    if (clock.now() - sinceMs >= 1000) {
      sinceMs = clock.now();
      count = 0;
      tell();
    }
    if (++count === most) cut();
  };
}
