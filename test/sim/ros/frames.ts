import { readFileSync } from 'node:fs';
import { decode } from 'cbor2';

type Line = { readonly label: string; readonly bin: boolean; readonly data: string };
export type Frame = { readonly op: string; readonly topic: string; readonly msg: Record<string, unknown> };

const lines: readonly Line[] = readFileSync(new URL('../../fixtures/ros/frames.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** A frame that a real ROS 1 server (0.11.17) sent, as it came: text or bytes. */
export function recorded(label: string): string | Uint8Array {
  const line = lines.find((line) => line.label === label);
  if (line === undefined) throw new RangeError(`label must be one of ${lines.map(({ label }) => label)}, got ${label}`);
  return line.bin ? Buffer.from(line.data, 'base64') : line.data;
}

export const parsed = (data: string | Uint8Array): Frame =>
  (typeof data === 'string' ? JSON.parse(data) : decode(data)) as Frame;

/** What a value is made of: keys, kinds of arrays, kinds of leaves; numbers and texts themselves left out. */
export function shape(value: unknown): unknown {
  if (value instanceof Uint8Array) return 'bytes';
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shape(item))))].sort();
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]));
  }
  return value === null ? 'null' : typeof value;
}
