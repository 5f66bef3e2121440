import { type Message, message } from '../compute/protobuf.ts';
import { crc32c } from '../data/crc32.ts';

// TensorFlow's event files, which TensorBoard reads: records of `Event` messages (tensorflow/core/util/event.proto).

/** A step's numbers by name, e.g. `losses/prediction`. */
export type Scalars = Readonly<Record<string, number>>;

/** What an event file begins with. */
export const eventFileStart = (wallSeconds: number): Uint8Array =>
  record(message().double(1, wallSeconds).string(3, 'brain.Event:2'));

/** The numbers of a step as one record. */
export function scalarEvent(wallSeconds: number, step: number, scalars: Scalars): Uint8Array {
  const summary = message();
  for (const [tag, value] of Object.entries(scalars)) summary.message(1, message().string(1, tag).float(2, value));
  return record(message().double(1, wallSeconds).int(2, step).message(5, summary));
}

/** All numbers of a line, by the path to each. */
export function scalarsOf(value: unknown, path = ''): Scalars {
  if (typeof value === 'number') return { [path]: value };
  if (typeof value !== 'object' || value === null) return {};
  const parts = Object.entries(value).map(([name, part]) => scalarsOf(part, path === '' ? name : `${path}/${name}`));
  return Object.assign({}, ...parts);
}

/** Length and its check sum, data and its check sum. */
function record(event: Message): Uint8Array {
  const data = event.finish();
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return bytes;
}

const masked = (bytes: Uint8Array): number => {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
};
