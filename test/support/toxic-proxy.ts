import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { type Random, seeded } from '../../src/random.ts';

/** What is wrong with a line, both ways; the names are those of Toxiproxy. */
export type Toxic =
  /** Everything comes late, in order. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  /** Connections are closed, new ones refused. */
  | { readonly kind: 'down' }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** An end of one side is told to the other so much later. */
  | { readonly kind: 'slow_close'; readonly ms: number }
  /** Nothing passes; what is held passes when all is well again, unless the connection is gone. */
  | { readonly kind: 'timeout' }
  /** Connections are reset, new ones as well. */
  | { readonly kind: 'reset_peer' }
  /** Small pieces, with pauses. */
  | { readonly kind: 'slicer'; readonly bytes: number; readonly pauseMs: number }
  /** A connection is closed when so many bytes have passed one way, counted from the beginning of it all. */
  | { readonly kind: 'limit_data'; readonly bytes: number };

/** A TCP proxy on loopback whose line can be spoilt and healed while it runs. */
export interface ToxicProxy {
  readonly port: number;
  readonly connections: number;
  /** Spoils the line; with nothing, heals it. */
  set(toxic?: Toxic): Promise<void>;
  /** Closes the far end of every connection, as a server that goes. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Held of one direction before it is read no further: a reset is noticed only by who reads. */
const HELD_BYTES = 1 << 20;

export async function toxicProxy({
  port: far,
  random = seeded(1),
}: {
  readonly port: number;
  readonly random?: Random;
}): Promise<ToxicProxy> {
  let toxic: Toxic | undefined;
  const lines = new Set<ReturnType<typeof join>>();

  const accept = (near: Socket) => {
    if (toxic?.kind === 'reset_peer') {
      near.on('error', () => {});
      near.resetAndDestroy();
      return;
    }
    const other = createConnection({ port: far, host: '127.0.0.1', allowHalfOpen: true });
    const line = join(
      near,
      other,
      () => toxic,
      random,
      () => lines.delete(line),
    );
    lines.add(line);
  };
  const listen = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const made = createServer({ allowHalfOpen: true, noDelay: true }, accept);
      made.once('error', reject);
      made.listen(port, '127.0.0.1', () => resolve(made));
    });
  const shut = () =>
    new Promise<void>((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server = undefined;
      for (const line of lines) line.destroy();
    });

  let server: Server | undefined = await listen(0);
  const { port } = server.address() as { port: number };
  return {
    port,
    get connections() {
      return lines.size;
    },
    async set(next) {
      toxic = next;
      if (next?.kind === 'down') await shut();
      else server ??= await listen(port);
      for (const line of lines) {
        if (next?.kind === 'reset_peer') line.reset();
        else line.changed();
      }
    },
    hangUp: () => {
      for (const line of lines) line.hangUp();
    },
    close: shut,
  };
}

/** Two ends of a connection. */
function join(near: Socket, far: Socket, toxic: () => Toxic | undefined, random: Random, onGone: () => void) {
  const reset = () => {
    for (const pipe of pipes) pipe.drop();
    for (const end of [near, far]) if (!end.destroyed) end.resetAndDestroy();
  };
  const destroy = () => {
    for (const pipe of pipes) pipe.drop();
    near.destroy();
    far.destroy();
  };
  const gone = () => {
    destroy();
    onGone();
  };
  const there = pipeline(near, far, toxic, random, { reset, destroy });
  const back = pipeline(far, near, toxic, random, { reset, destroy });
  const pipes = [there, back];
  let hung = false;
  for (const end of [near, far]) {
    end.setNoDelay(true);
    end.on('error', () => hung || reset()); // one side's reset is the other's, and what is held between them is lost
    end.on('close', () => {
      if (near.closed && far.closed) gone();
    });
  }
  return {
    reset,
    destroy,
    changed: () => {
      for (const pipe of pipes) pipe.step();
    },
    hangUp: () => {
      hung = true;
      far.destroy();
      there.drop();
      back.end();
    },
  };
}

type Held = { bytes: Buffer; readonly dueMs: number } | 'end';

type Ends = { readonly reset: () => void; readonly destroy: () => void };

/** One direction of a connection. */
function pipeline(from: Socket, to: Socket, toxic: () => Toxic | undefined, random: Random, ends: Ends) {
  let held: Held[] = [];
  let heldBytes = 0;
  let passed = 0;
  let timer: NodeJS.Timeout | undefined;
  let dropped = false;

  const hold = (bytes: Buffer) => {
    const now = toxic();
    const lateMs = now?.kind === 'latency' ? now.ms + (2 * random.uniform() - 1) * (now.jitterMs ?? 0) : 0;
    held.push({ bytes, dueMs: performance.now() + lateMs });
    heldBytes += bytes.length;
    if (heldBytes > HELD_BYTES) from.pause();
    if (timer === undefined) step();
  };
  const take = (count: number) => {
    const first = held[0] as Exclude<Held, 'end'>;
    const piece = first.bytes.subarray(0, count);
    if (piece.length === first.bytes.length) held.shift();
    else first.bytes = first.bytes.subarray(piece.length);
    heldBytes -= piece.length;
    passed += piece.length;
    if (heldBytes <= HELD_BYTES && from.isPaused()) from.resume();
    if (to.writable) to.write(piece);
    return piece.length;
  };

  /** Passes a piece on; ms until the next one may go. */
  const pass = (first: Held): number => {
    const now = toxic();
    if (now?.kind === 'timeout') return Number.POSITIVE_INFINITY;
    if (first === 'end') {
      if (now?.kind === 'slow_close') return slowly(now.ms);
      held.shift();
      to.end();
      return 0;
    }
    const { length } = first.bytes;
    switch (now?.kind) {
      case 'latency':
        if (first.dueMs <= performance.now()) take(length);
        else return first.dueMs - performance.now();
        return 0;
      case 'bandwidth':
        return (1000 * take(Math.max(1, Math.floor(now.bytesPerSecond / 20)))) / now.bytesPerSecond;
      case 'slicer':
        take(now.bytes);
        return now.pauseMs;
      case 'limit_data':
        if (passed + length > now.bytes) {
          if (passed < now.bytes) take(now.bytes - passed);
          to.end(ends.destroy);
          return Number.POSITIVE_INFINITY;
        }
        take(length);
        return 0;
      default:
        take(length);
        return 0;
    }
  };
  let endedMs: number | undefined;
  const slowly = (ms: number): number => {
    endedMs ??= performance.now();
    const leftMs = endedMs + ms - performance.now();
    if (leftMs > 1) return leftMs;
    held.shift();
    to.end();
    return 0;
  };
  const step = () => {
    clearTimeout(timer);
    timer = undefined;
    while (!dropped && held.length > 0) {
      const ms = pass(held[0]!);
      if (ms <= 0) continue;
      if (ms !== Number.POSITIVE_INFINITY) timer = setTimeout(step, ms);
      return;
    }
  };
  const end = () => {
    held.push('end');
    if (timer === undefined) step();
  };
  // libuv tells of an end when data and a reset come at once; who was reset has no peer any more
  const ended = () => (from.remoteAddress === undefined && !from.writableEnded ? ends.reset() : end());
  from.on('data', hold);
  from.on('end', ended);
  return {
    step,
    end,
    drop: () => {
      dropped = true;
      clearTimeout(timer);
      held = [];
      heldBytes = 0;
      from.off('data', hold);
      from.off('end', ended);
      if (!from.destroyed) from.resume();
    },
  };
}
