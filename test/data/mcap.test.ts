import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { McapIndexedReader } from '@mcap/core';
import { FileHandleReadable } from '@mcap/nodejs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, crc32Table } from '../../src/data/crc32.ts';
import {
  type LostTail,
  type McapChannel,
  type McapWriterOptions,
  mcapWriter,
  type RecordingFile,
  readMcap,
} from '../../src/data/mcap.ts';
import { newFile } from '../../src/data/recording-file.ts';
import { DamagedRecording, type PremotorError, UsageError } from '../../src/errors.ts';
import { seeded } from '../../src/random.ts';
import { freshFolder } from './folder.ts';

const numbers: McapChannel = {
  topic: '/numbers',
  schema: 'numbers',
  encoding: 'json',
  definition: '{"type":"object"}',
};
const camera: McapChannel = {
  topic: '/camera',
  schema: 'sensor_msgs/Image',
  encoding: 'ros1',
  definition: 'uint8[] data',
  bulky: true,
};
const options: McapWriterOptions = { profile: '', library: 'test' };
const bytesOf = (...values: number[]) => Uint8Array.from(values);

describe('an MCAP file', () => {
  it('gives back what was appended, over many chunks', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const random = seeded(1);
    const writer = mcapWriter(path, { ...options, chunkBytes: 2000 });
    const expected: [string, bigint, string][] = [];
    for (let i = 0; i < 400; i++) {
      const channel = random.integer(3) === 0 ? camera : numbers;
      const bytes = Uint8Array.from({ length: random.integer(300) }, () => random.integer(256));
      const timeNs = 1_700_000_000_000_000_000n + BigInt(i * 1_000_003);
      expect(writer.append(channel, timeNs, bytes)).toBe(true);
      expected.push([channel.topic, timeNs, Buffer.from(bytes).toString('hex')]);
      bytes.fill(0); // the writer keeps no reference
    }
    expect(writer).toMatchObject({ taken: 400, dropped: 0 });
    await writer.close();
    const read = await all(path);
    expect(read.lost).toBeUndefined();
    expect(
      read.messages.map(({ channel, timeNs, bytes }) => [channel.topic, timeNs, Buffer.from(bytes).toString('hex')]),
    ).toEqual(expected);
    expect(read.messages.find(({ channel }) => channel.topic === '/camera')!.channel).toEqual({
      topic: '/camera',
      schema: 'sensor_msgs/Image',
      encoding: 'ros1',
      definition: 'uint8[] data',
    });
  });

  it('has an index that other readers go by', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const writer = mcapWriter(path, { ...options, profile: 'ros1', chunkBytes: 500 });
    for (let i = 0; i < 100; i++) writer.append(i % 2 ? camera : numbers, BigInt(100 - i), new Uint8Array(50).fill(i));
    await writer.close();
    const file = await open(path);
    const reader = await McapIndexedReader.Initialize({ readable: new FileHandleReadable(file) });
    expect(reader.header).toMatchObject({ profile: 'ros1', library: 'test' });
    expect(reader.statistics).toMatchObject({ messageCount: 100n, messageStartTime: 1n, messageEndTime: 100n });
    expect(reader.chunkIndexes.length).toBeGreaterThan(5);
    const times: bigint[] = [];
    for await (const { logTime, data } of reader.readMessages({ topics: ['/camera'], startTime: 21n })) {
      times.push(logTime);
      expect(data[0]).toBe(100 - Number(logTime));
    }
    expect(times).toEqual(Array.from({ length: 40 }, (_, i) => BigInt(21 + 2 * i)));
    await file.close();
  });

  it('can be empty, and read by topic', async () => {
    const path = join(freshFolder(), 'empty.mcap');
    await mcapWriter(path, options).close();
    expect(await all(path)).toEqual({ messages: [], lost: undefined });
    const both = join(freshFolder(), 'both.mcap');
    const writer = mcapWriter(both, options);
    for (const channel of [camera, numbers]) writer.append(channel, 1n, bytesOf(1));
    await writer.close();
    const found: string[] = [];
    for await (const { channel } of readMcap(both, { topics: ['/numbers'] })) found.push(channel.topic);
    expect(found).toEqual(['/numbers']);
  });

  it('is never written over', async () => {
    const path = join(freshFolder(), 'a.mcap');
    writeFileSync(path, 'precious');
    expect(() => mcapWriter(path, options)).toThrow(UsageError);
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(() => mcapWriter(join(freshFolder(), 'no/such/a.mcap'), options)).toThrow(/cannot record to/);
  });
});

describe('a compressed file', () => {
  const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/ros/bags/${name}`, import.meta.url));

  it('is refused with a way out where it cannot be read', async () => {
    const error = await all(fixture('lz4.mcap')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DamagedRecording);
    expect(error).toMatchObject({
      message: expect.stringContaining('Unsupported compression lz4'),
      hint: expect.stringContaining('mcap decompress'),
    });
  });

  it('is read where Node has Zstandard, and refused where it has not', async () => {
    const result = await all(fixture('zstd.mcap')).catch((thrown: unknown) => thrown);
    if ('zstdDecompressSync' in zlib) {
      const counts = (result as Awaited<ReturnType<typeof all>>).messages.map(({ timeNs }) => Number(timeNs));
      expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => i));
    } else expect(result).toMatchObject({ hint: expect.stringContaining('mcap decompress') });
  });
});

describe('a file that is not whole', () => {
  const written = async (count = 60) => {
    const path = join(freshFolder(), 'a.mcap');
    const writer = mcapWriter(path, { ...options, chunkBytes: 300 });
    for (let i = 0; i < count; i++) writer.append(numbers, BigInt(i), new Uint8Array(40).fill(i));
    await writer.close();
    return path;
  };

  it('gives its beginning and says what was lost, cut anywhere', async () => {
    const path = await written();
    const { size } = statSync(path);
    const whole = readFileSync(path);
    let most = 0;
    for (const at of fc.sample(fc.integer({ min: 30, max: size - 1 }), 40).sort((a, b) => a - b)) {
      writeFileSync(path, whole.subarray(0, at));
      const { messages, lost } = await all(path);
      expect(messages.map(({ timeNs }) => Number(timeNs))).toEqual(messages.map((_, i) => i));
      expect(messages.length).toBeGreaterThanOrEqual(most);
      expect(lost!.bytes).toBeLessThan(size);
      most = messages.length;
    }
    expect(most).toBeGreaterThan(30);
  });

  it('may end in zeros, as after a power cut', async () => {
    const path = await written();
    truncateSync(path, Math.floor(statSync(path).size / 2));
    appendFileSync(path, Buffer.alloc(5000));
    const { messages, lost } = await all(path);
    expect(messages.length).toBeGreaterThan(10);
    expect(lost!.bytes).toBeGreaterThanOrEqual(4900);
  });

  it('is DamagedRecording when it was closed and altered since', async () => {
    const path = await written();
    const altered = readFileSync(path);
    altered[600] = altered[600]! ^ 255;
    writeFileSync(path, altered);
    await expect(all(path)).rejects.toThrow(DamagedRecording);
    await expect(all(path)).rejects.toThrow(/is damaged after byte \d+/);
  });

  it.each([
    ['empty', Buffer.alloc(0), /is empty/],
    ['text', Buffer.from('#ROSBAG V2.0\nand much more than that'), /is no MCAP file/],
    ['short', Buffer.from([0x89, 0x4d, 0x43]), /is no MCAP file/],
  ])('%s is DamagedRecording', async (name, bytes, message) => {
    const path = join(freshFolder(), name);
    writeFileSync(path, bytes);
    await expect(all(path)).rejects.toThrow(message);
    await expect(all(path)).rejects.toThrow(DamagedRecording);
  });

  it('is DamagedRecording when it is missing', async () => {
    await expect(all(join(freshFolder(), 'missing.mcap'))).rejects.toThrow(DamagedRecording);
  });

  it('never gives more than DamagedRecording, whatever byte is altered', async () => {
    const path = await written(20);
    const whole = readFileSync(path);
    for (const [at, value] of fc.sample(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), 60)) {
      const altered = Buffer.from(whole);
      altered[at] = value;
      writeFileSync(path, altered);
      const result = await all(path).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toBeInstanceOf(DamagedRecording);
    }
  });
});

describe('a disk that does not do as it should', () => {
  /** A real file that takes some bytes and then fails as told. */
  const failing = (path: string, room: number, code: string): RecordingFile => {
    const file = newFile(path);
    let left = room;
    return {
      ...file,
      write: async (bytes, position) => {
        if (left <= 0) throw Object.assign(new Error(code), { code });
        const part = bytes.subarray(0, Math.min(bytes.length, left, 777)); // a short write, too
        left -= part.length;
        return file.write(part, position);
      },
    };
  };

  it.each(['ENOSPC', 'EIO'])('%s is told once and thrown never; what came before can be read', async (code) => {
    for (const room of [0, 1, 5000, 20_000]) {
      const path = join(freshFolder(), 'a.mcap');
      const faults: PremotorError[] = [];
      const onFault = (fault: PremotorError) => void faults.push(fault);
      const open = () => failing(path, room, code);
      const writer = mcapWriter(path, { ...options, chunkBytes: 1000, onFault, open });
      for (let i = 0; i < 300; i++) {
        writer.append(numbers, BigInt(i), new Uint8Array(100));
        if (i % 20 === 0) await new Promise(setImmediate);
      }
      await writer.close();
      await writer.close();
      expect(faults.length).toBe(1);
      expect(faults[0]!.message).toMatch(code === 'ENOSPC' ? /the disk is full/ : /cannot write to .*EIO/);
      expect(writer.taken + writer.dropped).toBe(300);
      expect(writer.append(numbers, 0n, bytesOf(1))).toBe(false);
      if (room < 100) continue;
      const { messages, lost } = await all(path);
      expect(messages.map(({ timeNs }) => Number(timeNs))).toEqual(messages.map((_, i) => i));
      expect(messages.length).toBeGreaterThan(room / 200);
      expect(lost).toBeDefined();
    }
  });

  it('a hanging disk costs no more memory than allowed, and closing ends', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const faults: string[] = [];
    const writer = mcapWriter(path, {
      ...options,
      chunkBytes: 1000,
      pendingBytes: 20_000,
      closeWithinMs: 50,
      onFault: ({ message }) => void faults.push(message),
      open: (at) => ({ ...newFile(at), write: () => new Promise(() => {}) }),
    });
    const took = (channel: McapChannel, count: number) =>
      Array.from({ length: count }, () => writer.append(channel, 0n, new Uint8Array(100))).filter(Boolean).length;
    const pictures = took(camera, 500);
    expect(pictures * 100).toBeLessThanOrEqual(10_000);
    expect(pictures * 100).toBeGreaterThan(5_000);
    const others = took(numbers, 500);
    expect((pictures + others) * 100).toBeLessThanOrEqual(20_000);
    expect(others).toBeGreaterThan(50);
    expect(writer.dropped).toBe(1000 - pictures - others);
    await writer.close();
    expect(faults).toEqual([expect.stringContaining('the disk took longer than 50 ms')]);
  });

  it('a slow disk loses nothing that there was room for', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const slow = (at: string): RecordingFile => {
      const file = newFile(at);
      const pause = () => new Promise((resolve) => setTimeout(resolve, 3));
      return { ...file, write: (bytes, position) => pause().then(() => file.write(bytes, position)) };
    };
    const writer = mcapWriter(path, { ...options, chunkBytes: 1000, open: slow });
    for (let i = 0; i < 500; i++) expect(writer.append(numbers, BigInt(i), new Uint8Array(100))).toBe(true);
    await writer.close();
    expect((await all(path)).messages.length).toBe(500);
  });
});

describe('a killed process', () => {
  const script = fileURLToPath(new URL('./mcap-writing.ts', import.meta.url));

  it.each([400, 1300, 2200])('at about %d ms has lost no more than the last second', async (afterMs) => {
    const path = join(freshFolder(), 'a.mcap');
    const said: [count: number, takenMs: number][] = [];
    await new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, ['--import', 'tsx', script, path, '400'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let pending = '';
      child.stdout.on('data', (data: Buffer) => {
        if (said.length === 0) setTimeout(() => child.kill('SIGKILL'), afterMs + (process.pid % 97));
        const lines = (pending + data.toString()).split('\n');
        pending = lines.pop()!;
        said.push(...lines.map((line) => line.split(' ').map(Number) as [number, number]));
      });
      child.on('error', reject);
      child.on('exit', () => resolve());
    });
    expect(existsSync(path)).toBe(true);
    const { messages, lost } = await all(path);
    expect(lost).toMatchObject({ reason: 'it was never closed' });
    const counts = messages.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).count);
    expect(counts).toEqual(counts.map((_, i) => i));
    // By the child's own clock: whatever it took a second before its last word is there.
    const [, lastMs] = said.at(-1)!;
    const due = said.filter(([, takenMs]) => takenMs < lastMs - 1000).length;
    expect(counts.length).toBeGreaterThanOrEqual(due);
    expect(said.length).toBeGreaterThan(20);
  });
});

describe('CRC-32', () => {
  it('is that of zlib, with and without its help', () => {
    const text = new TextEncoder().encode('123456789');
    expect(crc32(text)).toBe(0xcbf43926);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => crc32(bytes) === crc32Table(bytes)));
    expect(crc32Table(text)).toBe(0xcbf43926);
  });
});

async function all(path: string) {
  let lost: LostTail | undefined;
  const messages = [];
  const onLost = (tail: LostTail) => {
    lost = tail;
  };
  for await (const message of readMcap(path, { onLost })) messages.push(message);
  return { messages, lost };
}
