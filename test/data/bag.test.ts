import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BagMessage, readBag } from '../../src/data/bag.ts';
import { BadMessage, DamagedRecording } from '../../src/errors.ts';
import { freshFolder } from './folder.ts';

const folder = fileURLToPath(new URL('../fixtures/ros/bags/', import.meta.url));
const drive = join(folder, 'drive.bag');
type Told = { topic: string; ms: number; x: number; z: number; seq: number; left: number; right: number; data: string };
const told = JSON.parse(readFileSync(join(folder, 'drive.json'), 'utf8')) as { start: number; messages: Told[] };

describe('a bag written by ROS', () => {
  it('gives every message at its time', async () => {
    const messages = await all(drive);
    const key = (topic: string, timeNs: bigint) => `${timeNs} ${topic}`;
    expect(messages.map(({ topic, timeNs }) => key(topic, timeNs)).sort()).toEqual(
      told.messages.map(({ topic, ms }) => key(topic, BigInt(told.start) * 10n ** 9n + BigInt(ms) * 10n ** 6n)).sort(),
    );
    const times = messages.map(({ timeNs }) => timeNs);
    expect(times).toEqual([...times].sort((a, b) => Number(a - b)));
  });

  it('gives their values', async () => {
    const messages = await all(drive);
    const of = (topic: string) => messages.filter((message) => message.topic === topic);
    const toldOf = (topic: string) => told.messages.filter((message) => message.topic === topic);
    expect(of('/cmd_vel').map(({ type, message }) => ({ type, message }))).toEqual(
      toldOf('/cmd_vel').map(({ x, z }) => ({
        type: 'geometry_msgs/Twist',
        message: { linear: { x, y: 0, z: 0 }, angular: { x: 0, y: 0, z } },
      })),
    );
    expect(of('/chatter').map(({ message }) => message)).toEqual(toldOf('/chatter').map(({ data }) => ({ data })));
    expect(of('/joint_states').map(({ message }) => message)).toMatchObject(
      toldOf('/joint_states').map(({ left, right }) => ({
        name: ['right', 'left'],
        position: Float64Array.of(right, left),
      })),
    );
    const pictures = of('/camera/image_raw').map(({ message }) => message as { step: number; data: Uint8Array });
    expect(pictures.map(({ step, data }) => [step, data.length, data[0], data[1]])).toEqual(
      toldOf('/camera/image_raw').map(({ seq }) => [80, 80 * 16, (seq * 7) % 256, seq]),
    );
  });

  it('can be read by topic', async () => {
    const messages = await all(drive, ['/chatter', '/nothing']);
    expect(messages.length).toBe(told.messages.filter(({ topic }) => topic === '/chatter').length);
    expect(await all(drive, [])).toEqual([]);
  });
});

describe('what is no good bag', () => {
  it('compressed: says how to write it anew', async () => {
    const error = await all(join(folder, 'compressed.bag')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DamagedRecording);
    expect(error).toMatchObject({
      message: expect.stringContaining('is compressed (bz2)'),
      hint: expect.stringContaining('rosbag decompress'),
    });
  });

  it('without an index: says how to mend it', async () => {
    const bytes = readFileSync(drive);
    const counts = { 'index_pos=': 8, 'conn_count=': 4, 'chunk_count=': 4 }; // all zero until a bag is closed
    for (const [name, count] of Object.entries(counts)) {
      const at = bytes.indexOf(name) + name.length;
      bytes.fill(0, at, at + count);
    }
    const path = join(freshFolder(), 'active.bag');
    writeFileSync(path, bytes);
    const error = await all(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DamagedRecording);
    expect(error).toMatchObject({ hint: `mend it with: rosbag reindex ${path}` });
  });

  it('missing, empty, another file', async () => {
    await expect(all(join(folder, 'missing.bag'))).rejects.toThrow(DamagedRecording);
    const path = join(freshFolder(), 'a.bag');
    writeFileSync(path, '');
    await expect(all(path)).rejects.toThrow(DamagedRecording);
    writeFileSync(path, 'x'.repeat(9000));
    await expect(all(path)).rejects.toThrow(/is no ROS 1 bag/);
  });

  it('damaged anywhere: never more than an error of ours', async () => {
    const whole = readFileSync(drive);
    const path = join(freshFolder(), 'a.bag');
    const damage = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() });
    for (const { at, byte, cut } of fc.sample(damage, 60)) {
      const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole);
      if (!cut) bytes[at] = byte;
      writeFileSync(path, bytes);
      const result = await all(path).catch((error: unknown) => error);
      if (result instanceof Error)
        expect(result instanceof DamagedRecording || result instanceof BadMessage, String(result)).toBe(true);
    }
  });
});

async function all(path: string, topics?: readonly string[]): Promise<BagMessage[]> {
  const messages = [];
  for await (const message of readBag(path, topics && { topics })) messages.push(message);
  return messages;
}
