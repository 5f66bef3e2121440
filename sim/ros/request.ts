import type { Compression } from '../../src/drivers/ros/version.ts';

/** A message of the protocol: an object that came as JSON, nothing more is known of it. */
export type Request = Readonly<Record<string, unknown>>;

export type SubscribeOptions = {
  readonly id: unknown;
  readonly throttleMs: number;
  readonly queueLength: number;
  readonly compression: Compression;
};

/** No queue is longer than this, whatever is asked for. */
const MAX_QUEUE = 1000;

/** A field that must be a text. Throws `TypeError`. */
export function text(request: Request, name: string): string {
  const value = Object.hasOwn(request, name) ? request[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${name} must be a text, got ${value === null ? 'null' : typeof value}`);
}

/** What a `subscribe` asks for. Throws `TypeError`. */
export function options(request: Request, note: (line: string) => void): SubscribeOptions {
  const { id, compression: wanted = 'none', fragment_size } = request;
  if (fragment_size !== undefined && fragment_size !== null) note('subscribe: fragment_size is not served here');
  const known = (['none', 'cbor', 'cbor-raw'] as const).find((name) => name === wanted);
  if (known === undefined) note(`subscribe: compression ${JSON.stringify(wanted)} is not served here; none is used`);
  return {
    id,
    throttleMs: whole(request, 'throttle_rate'),
    queueLength: Math.min(MAX_QUEUE, whole(request, 'queue_length')),
    compression: known ?? 'none',
  };
}

function whole(request: Request, name: string): number {
  const value = request[name] ?? 0;
  if (Number.isInteger(value)) return Math.max(0, value as number);
  throw new TypeError(`${name} must be a whole number, got ${typeof value}`);
}
