import { McapChunkBuilder, McapRecordBuilder, Opcode } from '@mcap/core';
import { PremotorError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { newFile, type RecordingFile } from './recording-file.ts';

export { type LostTail, type McapMessage, type ReadMcapOptions, readMcap } from './mcap-reader.ts';
export type { RecordingFile } from './recording-file.ts';

/** What is said on a topic, and how. */
export type McapChannel = {
  readonly topic: string;
  /** Its type, as `sensor_msgs/Image`. */
  readonly schema: string;
  readonly encoding: 'ros1' | 'cdr' | 'json';
  /** The type written out: a ROS message definition, or a JSON Schema. */
  readonly definition: string;
  /** Left out first when the disk is slow; false unless given. */
  readonly bulky?: boolean;
};

export type McapWriterOptions = {
  readonly profile: 'ros1' | 'ros2' | '';
  /** Who writes. */
  readonly library: string;
  /** What is appended reaches the operating system within so many ms; 500 unless given. */
  readonly flushMs?: number;
  readonly chunkBytes?: number;
  /** Memory for what the disk has not taken yet, bytes; more is dropped, bulky channels from half of it on. */
  readonly pendingBytes?: number;
  /** Closing waits no longer for the disk, ms; 5000 unless given. */
  readonly closeWithinMs?: number;
  /** Told once, of the first write that failed; everything after it is dropped. */
  readonly onFault?: (fault: PremotorError) => void;
  readonly open?: (path: string) => RecordingFile;
};

export interface McapWriter {
  /** Takes a message without waiting for the disk; never throws. False when it was dropped. */
  append(channel: McapChannel, timeNs: bigint, bytes: Uint8Array): boolean;
  /** Messages taken, and messages dropped: there was no room, or the disk failed before it had them. */
  readonly taken: number;
  readonly dropped: number;
  /** Writes what is left and the index. Never throws: a fault is told to `onFault`. */
  close(): Promise<void>;
}

/** How MCAP calls the language of a definition. */
const SCHEMA_ENCODING = { ros1: 'ros1msg', cdr: 'ros2msg', json: 'jsonschema' } as const;
/** An index larger than this is left out: readers then go through the file from the front. */
const MAX_INDEX = 64 << 20;

/**
 * Writes an MCAP file in chunks. A killed process loses at most what came in the last `flushMs`: `readMcap` reads a file
 * that was never closed. Memory is bounded. Throws only when the file cannot be made.
 */
export function mcapWriter(path: string, options: McapWriterOptions): McapWriter {
  const { profile, library, flushMs = 500, chunkBytes = 1 << 20, pendingBytes = 64 << 20 } = options;
  const { closeWithinMs = 5000, onFault = () => {}, open = newFile } = options;
  const file = open(path);
  const chunk = new McapChunkBuilder({ useMessageIndex: true });
  const out = new McapRecordBuilder();
  const index = new McapRecordBuilder();
  const channels = new Map<string, { id: number; channel: McapChannel; messages: number }>();
  const queue: { bytes: Uint8Array; messages: number }[] = [];
  let [queued, position, taken, dropped, chunks, indexed] = [0, 0, 0, 0, 0, true];
  let span: { from: bigint; to: bigint } | undefined;
  let [failed, closed] = [false, false];
  let draining: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const fail = (cause: unknown) => {
    const gone = queue.reduce((sum, { messages }) => sum + messages, chunk.numMessages);
    [taken, dropped] = [taken - gone, dropped + gone];
    queue.length = queued = 0;
    chunk.reset();
    clearTimeout(timer);
    if (failed) return;
    failed = true;
    const { code, message } = cause as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    onFault(
      new PremotorError(full ? `the disk is full: ${path} stops here` : `cannot write to ${path}: ${message}`, {
        cause,
        hint: 'what was recorded so far can be read',
      }),
    );
  };

  /** Hands the bytes of `out` to the disk. */
  const send = (messages = 0) => {
    const bytes = out.buffer.slice();
    out.reset();
    position += bytes.length;
    queued += bytes.length;
    queue.push({ bytes, messages });
    draining ??= drain();
  };

  let written = 0;
  const drain = async () => {
    try {
      for (let part = queue[0]; part && !failed; part = queue[0]) {
        const { bytes } = part;
        for (let done = 0; done < bytes.length && !failed; ) {
          const count = await file.write(bytes.subarray(done), written + done);
          if (!(count > 0)) throw new Error('the disk took nothing');
          done += count;
        }
        if (failed) return;
        written += bytes.length;
        queued -= bytes.length;
        queue.shift();
      }
    } catch (error) {
      fail(error);
    } finally {
      draining = undefined;
    }
  };

  const seal = () => {
    clearTimeout(timer);
    timer = undefined;
    if (chunk.numMessages === 0 || failed) return;
    const { messageStartTime, messageEndTime, buffer: records } = chunk;
    const [chunkStartOffset, size] = [BigInt(position), BigInt(records.length)];
    const times = { messageStartTime, messageEndTime, compression: '', uncompressedSize: size };
    const chunkLength = out.writeChunk({ ...times, uncompressedCrc: crc32(records), records });
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const part of chunk.indices) {
      messageIndexOffsets.set(part.channelId, chunkStartOffset + chunkLength + messageIndexLength);
      messageIndexLength += out.writeMessageIndex(part);
    }
    const where = { chunkStartOffset, chunkLength, messageIndexOffsets, messageIndexLength, compressedSize: size };
    if (indexed) index.writeChunkIndex({ ...times, ...where });
    if (index.length > MAX_INDEX) {
      indexed = false;
      index.reset();
    }
    chunks++;
    const messages = chunk.numMessages;
    chunk.reset();
    send(messages);
  };

  /** The channel's number; a new one is written before its first message. */
  const entryOf = (channel: McapChannel) => {
    const key = `${channel.topic}\n${channel.encoding}\n${channel.schema}`;
    const known = channels.get(key);
    if (known) return known;
    const entry = { id: channels.size, channel, messages: 0 };
    channels.set(key, entry);
    chunk.addSchema(schemaOf(entry));
    chunk.addChannel(channelOf(entry));
    return entry;
  };

  const finish = () => {
    seal();
    if (failed) return;
    out.writeDataEnd({ dataSectionCrc: 0 });
    const summaryStart = BigInt(position + out.length);
    const groups: { groupOpcode: Opcode; groupStart: bigint; groupLength: bigint }[] = [];
    const group = (groupOpcode: Opcode, put: () => void) => {
      const groupStart = BigInt(position + out.length);
      put();
      groups.push({ groupOpcode, groupStart, groupLength: BigInt(position + out.length) - groupStart });
    };
    const entries = [...channels.values()];
    group(Opcode.SCHEMA, () => entries.forEach((entry) => void out.writeSchema(schemaOf(entry))));
    group(Opcode.CHANNEL, () => entries.forEach((entry) => void out.writeChannel(channelOf(entry))));
    group(Opcode.STATISTICS, () => {
      out.writeStatistics({
        messageCount: BigInt(taken),
        schemaCount: entries.length,
        channelCount: entries.length,
        attachmentCount: 0,
        metadataCount: 0,
        chunkCount: chunks,
        messageStartTime: span?.from ?? 0n,
        messageEndTime: span?.to ?? 0n,
        channelMessageCounts: new Map(entries.map(({ id, messages }) => [id, BigInt(messages)])),
      });
    });
    if (indexed && index.length > 0) {
      const indexStart = BigInt(position + out.length);
      send();
      queue.push({ bytes: index.buffer, messages: 0 });
      position += index.length;
      queued += index.length;
      groups.push({ groupOpcode: Opcode.CHUNK_INDEX, groupStart: indexStart, groupLength: BigInt(index.length) });
    }
    const summaryOffsetStart = BigInt(position + out.length);
    for (const part of groups) if (part.groupLength > 0n) out.writeSummaryOffset(part);
    out.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc: 0 });
    out.writeMagic();
    send();
  };

  out.writeMagic();
  out.writeHeader({ profile, library });
  send();

  return {
    append: (channel, timeNs, bytes) => {
      const room = channel.bulky ? pendingBytes / 2 : pendingBytes;
      if (failed || closed || queued + chunk.byteLength + bytes.length > room) {
        dropped++;
        return false;
      }
      const entry = entryOf(channel);
      chunk.addMessage({
        channelId: entry.id,
        sequence: entry.messages++,
        logTime: timeNs,
        publishTime: timeNs,
        data: bytes,
      });
      taken++;
      span = {
        from: !span || timeNs < span.from ? timeNs : span.from,
        to: !span || timeNs > span.to ? timeNs : span.to,
      };
      if (chunk.byteLength >= chunkBytes) seal();
      else timer ??= setTimeout(seal, flushMs).unref();
      return true;
    },
    get taken() {
      return taken;
    },
    get dropped() {
      return dropped;
    },
    close: async () => {
      if (closed) return;
      finish();
      closed = true;
      const late = deadline(closeWithinMs);
      const end = (async () => {
        while (draining) await draining;
        if (!failed) await file.sync();
      })().catch(fail);
      await Promise.race([
        end,
        late.passed.then(() => fail(new Error(`the disk took longer than ${closeWithinMs} ms`))),
      ]);
      late.stop();
      if (draining) return; // a disk that hangs would hang here, too
      try {
        file.close();
      } catch (error) {
        fail(error);
      }
    },
  };
}

type Entry = { readonly id: number; readonly channel: McapChannel };

const schemaOf = ({ id, channel: { schema, encoding, definition } }: Entry) => ({
  id: id + 1,
  name: schema,
  encoding: SCHEMA_ENCODING[encoding],
  data: new TextEncoder().encode(definition),
});

const channelOf = ({ id, channel: { topic, encoding } }: Entry) => ({
  id,
  schemaId: id + 1,
  topic,
  messageEncoding: encoding,
  metadata: new Map<string, string>(),
});

function deadline(ms: number) {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { passed, stop: () => clearTimeout(timer) };
}
