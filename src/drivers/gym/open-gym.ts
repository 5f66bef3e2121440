import { connect } from 'node:net';
import type { Clock } from '../../clock.ts';
import { BadMessage, LinkLost } from '../../errors.ts';
import type { Action, Frame } from '../driver.ts';
import { decoder, encode, type Message } from './wire.ts';

export type GymSpec = {
  readonly env: string;
  readonly low: Action;
  readonly high: Action;
  /** Is the action one of `n` (the axis with the largest value is taken)? */
  readonly discrete: boolean;
  readonly periodMs: number;
};

export type GymStep = {
  readonly frame: Frame;
  readonly state: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** What the environment says of itself, if it does. */
  readonly success: boolean | undefined;
};

export type GymOptions = {
  readonly host?: string;
  readonly port: number;
  readonly clock: Clock;
  /** Longest wait for an answer. */
  readonly timeoutMs?: number;
};

export type Gym = {
  readonly spec: GymSpec;
  reset(seed: number): Promise<GymStep>;
  step(action: Action): Promise<GymStep>;
  close(): void;
};

/** A Gymnasium environment behind `examples/gym_server.py`. Rejects with `LinkLost` or `BadMessage`; one request at a time. */
export async function openGym({ host = '127.0.0.1', port, clock, timeoutMs = 10_000 }: GymOptions): Promise<Gym> {
  const link = dial(host, port, clock, timeoutMs);
  try {
    const spec = readSpec(await link.ask({ kind: 'hello', version: 1 }));
    return {
      spec,
      reset: async (seed) => readStep(await link.ask({ kind: 'reset', seed })),
      step: async (action) => {
        if (action.length !== spec.low.length || !action.every(Number.isFinite))
          throw new RangeError(`action must be ${spec.low.length} finite numbers, got ${JSON.stringify(action)}`);
        return readStep(await link.ask({ kind: 'step', action }));
      },
      close: () => link.close(),
    };
  } catch (error) {
    link.close();
    throw error;
  }
}

function dial(host: string, port: number, clock: Clock, timeoutMs: number) {
  const where = `${host}:${port}`;
  const socket = connect({ host, port, noDelay: true });
  const decode = decoder();
  let waiting: { resolve(message: Message): void; reject(error: Error): void } | undefined;
  let lost: Error | undefined;
  const fail = (error: Error) => {
    lost ??= error;
    waiting?.reject(lost);
    waiting = undefined;
    socket.destroy();
  };
  const gone = (why: string) =>
    fail(new LinkLost(`the environment at ${where} ${why}`, { hint: 'is examples/gym_server.py running there?' }));
  socket.on('error', ({ message }) => gone(`cannot be reached: ${message}`));
  socket.on('close', () => gone('closed the connection'));
  socket.on('data', (chunk) => {
    try {
      for (const message of decode(chunk)) {
        if (!waiting) throw new BadMessage(`the environment at ${where} answered without being asked`);
        const { resolve } = waiting;
        waiting = undefined;
        resolve(message);
      }
    } catch (error) {
      fail(error as Error);
    }
  });
  const ask = async (head: Message['head']): Promise<Message> => {
    if (lost) throw lost;
    if (waiting) throw new RangeError('requests must be made one at a time, got a second one');
    const answer = new Promise<Message>((resolve, reject) => {
      waiting = { resolve, reject };
    });
    socket.write(encode(head));
    const timer = clock.schedule(() => gone(`gave no answer in ${timeoutMs} ms`), timeoutMs);
    const message = await answer.finally(() => timer.unsubscribe());
    if (typeof message.head.error === 'string') throw new LinkLost(`the environment failed: ${message.head.error}`);
    return message;
  };
  return { ask, close: () => fail(new LinkLost(`the environment at ${where} was closed`)) };
}

function readSpec({ head }: Message): GymSpec {
  if (head.version !== 1) throw new BadMessage(`version must be 1, got ${JSON.stringify(head.version)}`);
  const [low, high] = [numbers(head, 'low'), numbers(head, 'high')];
  if (low.length === 0 || low.length !== high.length)
    throw new BadMessage(`low and high must be as long as each other, got ${low.length} and ${high.length}`);
  const periodMs = number(head, 'periodMs');
  if (periodMs <= 0) throw new BadMessage(`periodMs must be above 0, got ${periodMs}`);
  return { env: String(head.env), low, high, discrete: head.discrete === true, periodMs };
}

function readStep({ head, body }: Message): GymStep {
  const [width, height] = [number(head, 'width'), number(head, 'height')];
  if (!(width > 0 && height > 0) || body.length !== width * height * 3)
    throw new BadMessage(`a picture of ${width} x ${height} must be ${width * height * 3} bytes, got ${body.length}`);
  return {
    frame: { width, height, data: new Uint8Array(body) },
    state: numbers(head, 'state'),
    reward: number(head, 'reward'),
    terminated: head.terminated === true,
    truncated: head.truncated === true,
    success: typeof head.success === 'boolean' ? head.success : undefined,
  };
}

function number(head: Message['head'], name: string): number {
  const value = head[name];
  if (typeof value !== 'number') throw new BadMessage(`${name} must be a number, got ${JSON.stringify(value)}`);
  return value;
}

function numbers(head: Message['head'], name: string): number[] {
  const value = head[name];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'number'))
    throw new BadMessage(`${name} must be a list of numbers, got ${JSON.stringify(value)?.slice(0, 80)}`);
  return value;
}
