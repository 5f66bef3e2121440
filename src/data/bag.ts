import type { FileHandle } from 'node:fs/promises';
import { DamagedRecording } from '../errors.ts';
import { openToRead } from './open-to-read.ts';
import { rosDecoder } from './ros-codec.ts';

export type BagMessage = {
  readonly topic: string;
  /** As `sensor_msgs/Image`; empty when the bag does not say. */
  readonly type: string;
  /** When it was recorded. */
  readonly timeNs: bigint;
  readonly message: unknown;
};

/** The messages of a ROS 1 bag in the order of their times, one chunk in memory. Throws `DamagedRecording`. */
export async function* readBag(
  path: string,
  { topics }: { readonly topics?: readonly string[] } = {},
): AsyncGenerator<BagMessage> {
  const { Bag } = await import('@foxglove/rosbag');
  const file = await openToRead(path);
  try {
    const { size } = await file.stat();
    const bag = new Bag(
      { size: () => size, read: (at, length) => readExactly(file, size, at, length) },
      { parse: false },
    );
    await bag.open();
    if (bag.connections.size === 0 && bag.chunkInfos.length === 0) {
      if ((bag.header?.indexPosition ?? 0) === 0) throw new Error('it has no index');
      return;
    }
    const decoders = new Map<number, { type: string; decode: (bytes: Uint8Array) => unknown }>();
    const start = { sec: 0, nsec: 0 }; // chunks need not be in order
    for await (const event of bag.messageIterator({ start, ...(topics && { topics: [...topics] }) })) {
      const { topic, connectionId, timestamp, data } = event;
      let decoder = decoders.get(connectionId);
      if (!decoder) {
        const { type = '', messageDefinition } = bag.connections.get(connectionId)!;
        decoder = { type, decode: rosDecoder('ros1', messageDefinition, `a message on ${topic}`) };
        decoders.set(connectionId, decoder);
      }
      const timeNs = BigInt(timestamp.sec) * 1_000_000_000n + BigInt(timestamp.nsec);
      yield { topic, type: decoder.type, timeNs, message: decoder.decode(data) };
    }
  } catch (cause) {
    throw explained(path, cause);
  } finally {
    await file.close();
  }
}

/** Up to `length` bytes: near the end there may be fewer. */
async function readExactly(file: FileHandle, size: number, at: number, length: number): Promise<Uint8Array> {
  const count = Math.min(length, size - at);
  if (!(count > 0)) throw new Error(`it ends at byte ${size}`);
  const bytes = new Uint8Array(count);
  const { bytesRead } = await file.read(bytes, 0, count, at);
  if (bytesRead < count) throw new Error(`it ends at byte ${at + bytesRead}`);
  return bytes;
}

function explained(path: string, cause: unknown): DamagedRecording {
  if (cause instanceof DamagedRecording) return cause;
  const reason = (cause as Error).message;
  if (/Unsupported compression/.test(reason)) {
    const kind = reason.split(' ').at(-1);
    return new DamagedRecording(`${path} is compressed (${kind}), which cannot be read here`, {
      cause,
      hint: `write it anew with: rosbag decompress ${path}`,
    });
  }
  if (/Cannot identify bag format/.test(reason)) return new DamagedRecording(`${path} is no ROS 1 bag`, { cause });
  if (/no index/.test(reason)) {
    return new DamagedRecording(`${path} has no index: recording it was cut off`, {
      cause,
      hint: `mend it with: rosbag reindex ${path}`,
    });
  }
  return new DamagedRecording(`${path} is damaged: ${reason}`, { cause, hint: `try: rosbag reindex ${path}` });
}
