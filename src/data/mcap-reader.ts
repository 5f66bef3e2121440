import type { FileHandle } from 'node:fs/promises';
import zlib from 'node:zlib';
import { MCAP_MAGIC, McapStreamReader } from '@mcap/core';
import { DamagedRecording } from '../errors.ts';
import { openToRead } from './open-to-read.ts';

export type McapMessage = {
  /** One object for all messages of a channel. */
  readonly channel: {
    readonly topic: string;
    /** Type, as `sensor_msgs/Image` or `sensor_msgs/msg/Image`. */
    readonly schema: string;
    /** `ros1`, `cdr`, `json` or another. */
    readonly encoding: string;
    readonly definition: string;
  };
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
};

/** The end of a file that was never closed. */
export type LostTail = { readonly bytes: number; readonly reason: string };

export type ReadMcapOptions = {
  /** Only these. */
  readonly topics?: readonly string[];
  /** Told before the end when the file was cut off. */
  readonly onLost?: (lost: LostTail) => void;
};

const READ_BYTES = 1 << 18;
/** No chunk or message is larger, bytes. */
const MAX_RECORD = 256 << 20;

/**
 * The messages of an MCAP file in the order in which they were written; a few chunks are in memory at a time. A file that was
 * never closed is read as far as it is whole. Throws `DamagedRecording`.
 */
export async function* readMcap(path: string, { topics, onLost }: ReadMcapOptions = {}): AsyncGenerator<McapMessage> {
  const file = await openToRead(path);
  try {
    const { size } = await file.stat();
    if (size === 0) throw new DamagedRecording(`${path} is empty`);
    const whole = await endsProperly(file, size);
    const reader = new McapStreamReader({ decompressHandlers: { ...decompress } });
    const collected = collector(topics);
    let at = 0;
    /** Where the last record that was understood ends. */
    let good = 0;
    let found: McapMessage[] = [];
    try {
      while (at < size && !reader.done()) {
        const part = Buffer.alloc(Math.min(READ_BYTES, size - at));
        const { bytesRead } = await file.read(part, 0, part.length, at);
        if (bytesRead === 0) break;
        at += bytesRead;
        reader.append(part.subarray(0, bytesRead));
        if (reader.bytesRemaining() > MAX_RECORD) throw new Error(`a record is larger than ${MAX_RECORD} bytes`);
        for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
          if (record.type === 'Unknown' && record.opcode === 0)
            throw new Error('there are zeros where a record should be');
          const message = collected(record);
          if (message) found.push(message);
          good = at - reader.bytesRemaining();
        }
        yield* found;
        found = [];
      }
    } catch (cause) {
      if (cause instanceof DamagedRecording) throw cause;
      const reason = (cause as Error).message;
      if (/Unsupported compression/.test(reason)) throw compressed(path, reason, cause);
      if (good === 0) {
        throw new DamagedRecording(`${path} is no MCAP file, or its first bytes are damaged`, { cause });
      }
      yield* found;
      if (whole) throw new DamagedRecording(`${path} is damaged after byte ${good}: ${reason}`, { cause });
      onLost?.({ bytes: size - good, reason });
      return;
    }
    if (reader.done()) return;
    if (good === 0) throw new DamagedRecording(`${path} is no MCAP file: it ends before its header does`);
    if (whole) throw new DamagedRecording(`${path} is damaged after byte ${good}: a record goes beyond the end`);
    onLost?.({ bytes: size - good, reason: 'it was never closed' });
  } finally {
    await file.close();
  }
}

type Record = NonNullable<ReturnType<McapStreamReader['nextRecord']>>;

/** Remembers schemas and channels, and gives the messages that are wanted. */
function collector(topics: readonly string[] | undefined) {
  const schemas = new Map<number, { name: string; definition: string }>();
  const channels = new Map<number, McapMessage['channel'] | undefined>();
  return (record: Record): McapMessage | undefined => {
    if (record.type === 'Schema') {
      schemas.set(record.id, { name: record.name, definition: new TextDecoder().decode(record.data) });
    } else if (record.type === 'Channel' && !channels.has(record.id)) {
      const { topic, messageEncoding: encoding, schemaId } = record;
      const { name: schema = '', definition = '' } = schemas.get(schemaId) ?? {};
      const wanted = !topics || topics.includes(topic);
      channels.set(record.id, wanted ? { topic, schema, encoding, definition } : undefined);
    } else if (record.type === 'Message') {
      const channel = channels.get(record.channelId);
      // A copy: the reader uses its buffer again.
      return channel && { channel, timeNs: record.logTime, bytes: record.data.slice() };
    }
    return undefined;
  };
}

async function endsProperly(file: FileHandle, size: number): Promise<boolean> {
  const end = Buffer.alloc(MCAP_MAGIC.length);
  if (size < 2 * end.length) return false;
  await file.read(end, 0, end.length, size - end.length);
  return end.equals(Uint8Array.from(MCAP_MAGIC));
}

type Zstd = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
const zstd = (zlib as { readonly zstdDecompressSync?: Zstd }).zstdDecompressSync;
/** Node has Zstandard since 22.15. */
const decompress = zstd ? { zstd: (bytes: Uint8Array) => zstd(bytes, { maxOutputLength: MAX_RECORD }) } : {};

const compressed = (path: string, reason: string, cause: unknown) =>
  new DamagedRecording(
    `${path} is compressed in a way that cannot be read here: ${reason.replace(/ \[library.*/, '')}`,
    {
      cause,
      hint: 'write it anew with: mcap decompress <input> -o <output>',
    },
  );
