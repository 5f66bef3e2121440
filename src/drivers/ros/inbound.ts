import { decode, Tag } from 'cbor2';
import { show } from './check.ts';
import { holdsMore } from './values.ts';

/** A message that the link may hand on. */
export type Inbound = { readonly op: string; readonly topic?: string; readonly id?: string } & Record<string, unknown>;
export type Read = { readonly message: Inbound } | { readonly refused: string };

/** What a bridge has to say to a client of ours; fragments and PNGs are never asked for. */
const OPS: ReadonlySet<unknown> = new Set(['publish', 'service_response']);
/** Names that mean something else to roslib, whose topics share one emitter with its own events. */
const RESERVED: ReadonlySet<unknown> = new Set(['close', 'connection', 'error', 'message', 'status']);
const POISON: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const LIMITS = { depth: 32, values: 65_536, text: 8 << 20 };

/**
 * Of CBOR's tags, those of typed arrays (RFC 8746) and no more: the decoder of a large number takes hours for some MB, others
 * make regular expressions, parse again, or keep what they made for ever.
 */
const TYPED_ARRAYS = new Map([...Tag.getAllDecoders()].filter(([tag]) => Number(tag) >= 64 && Number(tag) <= 87));

const DECODING = { maxDepth: LIMITS.depth, tags: TYPED_ARRAYS, ignoreGlobalTags: true };

/**
 * Reads one message of a bridge, JSON or CBOR, trusting nothing: `subscribed` tells which topics were asked for. Never throws.
 */
export function readInbound(data: string | Uint8Array, subscribed: (topic: string) => boolean): Read {
  if (holdsMore(data, 2 * LIMITS.values)) return { refused: 'too many values' };
  let value: unknown;
  try {
    value = typeof data === 'string' ? JSON.parse(data) : decode(data, DECODING);
  } catch {
    return { refused: `not ${typeof data === 'string' ? 'JSON' : 'CBOR'}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { refused: 'no object' };
  const message = value as Inbound;
  const { op, topic, id } = message;
  if (!OPS.has(op)) return { refused: `op ${show(op)}` };
  if (op === 'publish') {
    if (typeof topic !== 'string' || RESERVED.has(topic) || !subscribed(topic))
      return { refused: `topic ${show(topic)}` };
    if (typeof message.msg !== 'object' || message.msg === null) return { refused: 'msg is no object' };
  } else if (typeof id !== 'string' || !id.startsWith('call_service:')) return { refused: `id ${show(id)}` };
  const wrong = strangeness(value);
  return wrong === undefined ? { message } : { refused: wrong };
}

/** What is strange about a value's size or keys, if anything. */
function strangeness(value: unknown): string | undefined {
  let left = LIMITS.values;
  const look = (part: unknown, depth: number): string | undefined => {
    if (typeof part === 'string') return part.length > LIMITS.text ? 'a text too long' : undefined;
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return undefined;
    if (depth > LIMITS.depth) return 'nested too deep';
    if (part instanceof Map || part instanceof Set) return 'a map with keys that are no texts';
    if (part instanceof Tag) return `a tag ${part.tag}`;
    const list = Array.isArray(part);
    for (const key of list ? part.keys() : Object.keys(part)) {
      if (--left < 0) return 'too many values';
      if (!list && POISON.has(key as string)) return `a key ${key}`;
      const wrong = look((part as Record<string | number, unknown>)[key], depth + 1);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
  return look(value, 0);
}
