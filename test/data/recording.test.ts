import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeExact, encodeExact } from '../../src/data/exact-json.ts';
import { type LostTail, mcapWriter, readMcap } from '../../src/data/mcap.ts';
import { type Recorded, type RecordingHeader, readRecording, recordingWriter } from '../../src/data/recording.ts';
import { newFile } from '../../src/data/recording-file.ts';
import { rosDecoder } from '../../src/data/ros-codec.ts';
import { DamagedRecording } from '../../src/errors.ts';
import { freshFolder } from './folder.ts';

const header: RecordingHeader = {
  timeMs: 1234.5678,
  wallMs: 1_700_000_000_123.25,
  robot: 'dot',
  actionNames: ['x', 'y'],
  facts: { config: { limits: [-0, Number.POSITIVE_INFINITY] }, $odd: { $$: 1 } },
};
const double = () => fc.double();
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.float64Array(),
    fc.float32Array(),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$n', '$$', '$f32', 'toString')), tie('value'), {
      noNullPrototype: true,
    }),
  ),
})).value;

describe('exact JSON', () => {
  it('gives back every number bit for bit, and all other data', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(decodeExact(encodeExact(value))).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(double(), (value) => Object.is(decodeExact(encodeExact(value)), value)));
  });

  it('keeps keys that could reach a prototype as keys', () => {
    const value = decodeExact('{"__proto__": {"polluted": true}, "constructor": 1}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses what is no data, and texts that are not its own', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    for (const value of [() => 1, Symbol('a'), circle, new Map(), undefined])
      expect(() => encodeExact(value)).toThrow(TypeError);
    for (const text of ['{"$n": "7"}', '{"$q": 1}', '{"$f32": ["a"]}', '{"$i": "x"}', '{'])
      expect(() => decodeExact(text)).toThrow(SyntaxError);
  });
});

describe('a recording', () => {
  const plain = { noNullPrototype: true } as const;
  const action = fc.array(double(), { maxLength: 4 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('command' as const), timeMs: double(), action }, plain),
    fc.record({ kind: fc.constant('event' as const), timeMs: double(), extra: data }, plain),
    fc.record(
      {
        kind: fc.constant('frame' as const),
        timeMs: double(),
        name: fc.constantFrom('front', 'wrist/left', '__proto__'),
        frame: fc
          .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(255))
          .map(([width, height, fill]) => ({
            width,
            height,
            data: Uint8Array.from({ length: 3 * width * height }, (_, i) => (fill + 31 * i) % 256),
          })),
      },
      plain,
    ),
  );

  it('gives back bit for bit what was recorded, in order', async () => {
    const folder = freshFolder();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const path = join(folder, `${count++}.mcap`);
        const writer = recordingWriter(path, header, { chunkBytes: 700 });
        for (const one of steps) {
          if (one.kind === 'command') writer.command(one.timeMs, one.action);
          else if (one.kind === 'frame') writer.frame(one.name, one.timeMs, one.frame);
          else writer.journal({ kind: 'thought', timeMs: one.timeMs, extra: one.extra });
        }
        await writer.close();
        expect(writer.dropped).toBe(0);
        const [first, ...read] = await all(path);
        expect(first).toStrictEqual({ kind: 'header', timeMs: header.timeMs, header });
        expect(read.pop()).toMatchObject({ kind: 'end', dropped: 0 });
        const expected = steps.map((one): Recorded => {
          if (one.kind !== 'event') return one;
          const { timeMs, extra } = one;
          return { kind: 'event', timeMs, event: { kind: 'thought', timeMs, extra } };
        });
        expect(read).toStrictEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('shows pictures and commands to readers of ROS messages, at the time on the wall', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const writer = recordingWriter(path, header);
    const pixels = Uint8Array.from({ length: 18 }, (_, i) => i);
    writer.frame('front', header.timeMs + 1500, { width: 3, height: 2, data: pixels });
    writer.command(header.timeMs + 2000, [0.5, -0.25]);
    await writer.close();
    const found: Record<string, unknown> = {};
    for await (const { channel, timeNs, bytes } of readMcap(path)) {
      if (channel.encoding !== 'ros1') continue;
      found[channel.topic] = {
        schema: channel.schema,
        timeNs,
        ...(rosDecoder('ros1', channel.definition)(bytes) as object),
      };
    }
    expect(found).toMatchObject({
      '/premotor/camera/front': {
        schema: 'sensor_msgs/Image',
        timeNs: 1_700_000_001_623_250_000n,
        header: { stamp: { sec: 1_700_000_001, nsec: 623_250_000 }, frame_id: 'front' },
        encoding: 'rgb8',
        width: 3,
        height: 2,
        step: 9,
        data: pixels,
      },
      '/premotor/command': {
        schema: 'std_msgs/Float64MultiArray',
        timeNs: 1_700_000_002_123_250_000n,
        data: Float64Array.of(0.5, -0.25),
      },
    });
  });

  it('can be read without its pictures', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const writer = recordingWriter(path, header);
    writer.frame('front', 1, { width: 1, height: 1, data: new Uint8Array(3) });
    writer.command(2, [1]);
    await writer.close();
    const kinds: string[] = [];
    for await (const { kind } of readRecording(path, { frames: false })) kinds.push(kind);
    expect(kinds).toEqual(['header', 'command', 'end']);
  });

  it('keeps its own kinds for itself, and survives events that are no data', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const faults: string[] = [];
    const writer = recordingWriter(path, header, { onFault: ({ message }) => void faults.push(message) });
    for (const kind of ['header', 'frame', 'command', 'end'])
      expect(() => writer.journal({ kind, timeMs: 0 })).toThrow(TypeError);
    for (let i = 0; i < 3; i++) writer.journal({ kind: 'odd', timeMs: 0, call: () => 1 });
    writer.journal({ kind: 'good', timeMs: Number.NaN });
    expect(faults).toEqual([expect.stringContaining('an event cannot be recorded')]);
    expect(writer.dropped).toBe(3);
    await writer.close();
    expect((await all(path)).map(({ kind }) => kind)).toEqual(['header', 'event', 'end']);
  });

  it('says how much was lost when the disk fails, and throws nothing', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const faults: string[] = [];
    let room = 4000;
    const writer = recordingWriter(path, header, {
      chunkBytes: 500,
      onFault: ({ message }) => void faults.push(message),
      open: (at) => {
        const file = newFile(at);
        return {
          ...file,
          write: async (bytes, position) => {
            room -= bytes.length;
            if (room < 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
            return file.write(bytes, position);
          },
        };
      },
    });
    for (let i = 0; i < 200; i++) {
      writer.frame('front', i, { width: 4, height: 4, data: new Uint8Array(48) });
      writer.command(i, [i, i]);
      if (i % 10 === 0) await new Promise(setImmediate);
    }
    await writer.close();
    expect(faults).toEqual([expect.stringContaining('the disk is full')]);
    expect(writer.dropped).toBeGreaterThan(100);
    const read = await all(path);
    expect(read.length).toBeGreaterThan(5);
    expect(read.at(-1)!.kind).not.toBe('end');
  });

  it('of a killed process is whole up to where it ends', async () => {
    for (const lines of [50, 333]) {
      const path = join(freshFolder(), 'a.mcap');
      const script = fileURLToPath(new URL('./recording-writing.ts', import.meta.url));
      await new Promise<void>((resolve, reject) => {
        const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let seen = 0;
        child.stdout.on('data', (chunk: Buffer) => {
          seen += chunk.toString().split('\n').length - 1;
          if (seen >= lines) child.kill('SIGKILL');
        });
        child.on('error', reject);
        child.on('exit', () => resolve());
      });
      let lost: LostTail | undefined;
      const read: Recorded[] = [];
      const onLost = (tail: LostTail) => {
        lost = tail;
      };
      try {
        for await (const one of readRecording(path, { onLost })) read.push(one);
      } catch (error) {
        // Killed before anything reached the disk.
        expect(error).toMatchObject({ message: expect.stringContaining('is no recording') });
        expect(lines).toBe(50);
        continue;
      }
      expect(lost).toBeDefined();
      const commands = read.filter((one) => one.kind === 'command');
      expect(commands.map(({ action }) => action)).toEqual(commands.map((_, i) => [i / 3]));
      const frames = read.filter((one) => one.kind === 'frame');
      expect(frames.map(({ frame }) => frame.data[0])).toEqual(frames.map((_, i) => i % 256));
    }
  });

  it('is another thing than other MCAP files, and than text', async () => {
    const path = join(freshFolder(), 'a.mcap');
    const writer = mcapWriter(path, { profile: '', library: 'test' });
    const channel = { topic: '/premotor/journal', schema: 's', encoding: 'json', definition: '{}' } as const;
    writer.append(channel, 0n, Buffer.from('{"kind": "x", "timeMs": 0}'));
    await writer.close();
    await expect(all(path)).rejects.toThrow(/is no recording of premotor/);
    writeFileSync(path, 'text');
    await expect(all(path)).rejects.toThrow(DamagedRecording);
  });
});

async function all(path: string): Promise<Recorded[]> {
  const read = [];
  for await (const one of readRecording(path)) read.push(one);
  return read;
}
