import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../src/data/episodes-from-ros.ts';
import type { LostTail } from '../../src/data/mcap.ts';
import { type SampleOptions, samplesOf } from '../../src/data/samples.ts';
import { loadRobotConfig, type RobotConfig, readRobotConfig } from '../../src/drivers/ros/config.ts';
import { DamagedRecording } from '../../src/errors.ts';
import { bag, config as configPath, driveMcap, driveRecording, folder, told } from './drive.ts';
import { freshFolder } from './folder.ts';

const config = await loadRobotConfig(configPath);
const text = readFileSync(configPath, 'utf8');
const changed = (from: string | RegExp, to: string): Promise<RobotConfig> =>
  readRobotConfig(text.replace(from, to), { path: 'changed.yaml' });

/** What the script that wrote the bag says, as samples; pictures by the colour of their first pixel. */
const expected = told.messages
  .flatMap(({ topic, ms, x, z, yaw, seq, left, right }): object[] => {
    if (topic === '/camera/image_raw')
      return [{ kind: 'frame', timeMs: ms, pixel: [seq < 3 ? 255 : 0, seq, (7 * seq) % 256].slice(1) }];
    if (topic === '/cmd_vel') return [{ kind: 'command', timeMs: ms, action: [x, z] }];
    if (topic === '/odom') return [{ kind: 'state', timeMs: ms, part: 0, values: [x, -x / 2, yaw, 0.25, -0.5] }];
    return topic === '/joint_states' ? [{ kind: 'state', timeMs: ms, part: 1, values: [left, right] }] : [];
  })
  .map((one) => JSON.stringify(one))
  .sort();

describe('samples', () => {
  it('of a bag are what its script wrote', async () => {
    expect(await plain(bag, { config, size: 16 })).toEqual(expected);
  });

  it.each(['ros1', 'cdr'] as const)('of an MCAP file (%s) are the same', async (encoding) => {
    const path = await driveMcap(join(freshFolder(), 'drive.mcap'), encoding);
    expect(await plain(path, { config, size: 16 })).toEqual(expected);
  });

  it('of an MCAP file that another program wrote as ROS 2 does are the same', async () => {
    expect(await plain(join(folder, 'drive-ros2.mcap'), { config, size: 16 })).toEqual(expected);
  });

  it('of a recording of premotor are the same, bit for bit', async () => {
    const path = await driveRecording(join(freshFolder(), 'drive.mcap'));
    const samples = await all(path, { config, size: 16 });
    const commands = samples.filter((one) => one.kind === 'command');
    expect(commands.map(({ timeMs, action }) => ({ timeMs, action }))).toEqual(
      told.messages.filter(({ topic }) => topic === '/cmd_vel').map(({ ms, x, z }) => ({ timeMs: ms, action: [x, z] })),
    );
    const [fromBag, own] = [await all(bag, { config, size: 16 }), samples].map((list) =>
      list.flatMap((one) => (one.kind === 'frame' ? [{ timeMs: one.timeMs, ...one.read() }] : [])),
    );
    expect(own).toEqual(fromBag);
    const states = samples.filter((one) => one.kind === 'state');
    expect(states.length).toBeGreaterThan(60);
    for (const { timeMs, part, values } of states) {
      const { left, right } = told.messages.find(({ topic, ms }) => topic === '/joint_states' && ms === timeMs)!;
      if (part === 1) expect(values).toEqual([left, right]);
      else expect(values.length).toBe(5);
    }
  });

  it('of a file that was cut off are its beginning', async () => {
    const path = await driveMcap(join(freshFolder(), 'drive.mcap'), 'ros1');
    truncateSync(path, Math.floor(statSync(path).size / 2));
    let lost: LostTail | undefined;
    const onLost = (tail: LostTail) => {
      lost = tail;
    };
    const samples = await all(path, { config, size: 16, onLost });
    expect(samples.length).toBeGreaterThan(50);
    expect(lost!.bytes).toBeGreaterThan(0);
  });

  it('need what the configuration names, of the right kind', async () => {
    const refused = async (wrong: RobotConfig) =>
      all(bag, { config: wrong, size: 16 }).catch((error: unknown) => error);
    expect(await refused(await changed('/cmd_vel', '/other'))).toMatchObject({
      message: expect.stringMatching(/drive\.bag has no message on \/other/),
      hint: expect.stringContaining('remap'),
    });
    expect(await refused(await changed('/camera/image_raw', '/odom'))).toMatchObject({
      message: expect.stringMatching(/\/odom must be pictures, got nav_msgs\/Odometry/),
    });
    await expect(all(bag, { config, size: 16, cameras: ['back'] })).rejects.toThrow(/camera must be one of front/);
  });

  it('that cannot be read are told, and left out', async () => {
    const bad: string[] = [];
    const wrong = await changed('[left, right]', '[left, middle]');
    const samples = await all(bag, { config: wrong, size: 16, onBad: ({ message }) => void bad.push(message) });
    expect(bad.length).toBe(34);
    expect(bad[0]).toContain('"middle"');
    expect(samples.filter((one) => one.kind === 'state' && one.part === 1)).toEqual([]);
  });

  it('come from no other file', async () => {
    const path = join(freshFolder(), 'drive.db3');
    writeFileSync(path, 'SQLite format 3\0');
    await expect(all(path, { config, size: 16 })).rejects.toThrow(/must be a ROS 1 bag or an MCAP file/);
    await expect(all(join(folder, 'missing.bag'), { config, size: 16 })).rejects.toThrow(DamagedRecording);
    await expect(all(join(folder, 'compressed.bag'), { config, size: 16 })).rejects.toThrow(DamagedRecording);
  });
});

async function all(path: string, options: SampleOptions): Promise<Sample[]> {
  const samples = [];
  for await (const sample of samplesOf(path, options)) samples.push(sample);
  return samples;
}

async function plain(path: string, options: SampleOptions): Promise<string[]> {
  const samples = await all(path, options);
  return samples
    .map((one) => {
      if (one.kind === 'state') return { ...one, values: one.values.map((value) => Number(value.toPrecision(14))) };
      if (one.kind !== 'frame') return one;
      const [, green, blue] = one.read().data;
      return { kind: 'frame', timeMs: one.timeMs, pixel: [green, blue] };
    })
    .map((one) => JSON.stringify(one))
    .sort();
}
