import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ros, Topic } from 'roslib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/reader.ts';
import { lastLine, premotor } from './program.ts';
import { running, simulated } from './ros.ts';

type Count = { readonly total: number; readonly equal: number };
type Replayed = { readonly plans: Count; readonly wishes: Count; readonly commands: Count; readonly ok: boolean };

describe('a run that is recorded', () => {
  let robot: Awaited<ReturnType<typeof simulated>>;
  let path: string;
  beforeAll(async () => {
    robot = await simulated('--rate', '20');
    path = join(robot.folder, 'drive.mcap');
    const { code } = await running(robot.url, '--goal', robot.goal, '--arm', '--record', path, '--duration', '7').end;
    expect(code).toBe(0);
  });
  afterAll(() => robot.close());

  it('is replayed to the bit', async () => {
    const { code, stdout } = await premotor('replay', path, '--json');
    const { plans, wishes, commands, ok } = lastLine(stdout) as Replayed;
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    for (const { total, equal } of [plans, wishes, commands]) {
      expect(total).toBeGreaterThan(10);
      expect(equal).toBe(total);
    }
  });

  it('cut off: what is left is replayed', async () => {
    const cut = join(robot.folder, 'cut.mcap');
    const bytes = readFileSync(path);
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    const { stdout } = await premotor('replay', cut, '--json');
    const { commands, plans } = lastLine(stdout) as Replayed;
    expect(commands.total).toBeGreaterThan(10);
    expect(commands.equal).toBe(commands.total);
    expect(plans.equal).toBe(plans.total);
  });

  it('tampered with: it says so', async () => {
    const other = join(robot.folder, 'tampered.mcap');
    const bytes = Buffer.from(readFileSync(path));
    // a verdict of the journal, as it stands there in plain text
    const at = bytes.lastIndexOf('"reason":"');
    expect(at).toBeGreaterThan(0);
    bytes.write('"reason":"X', at);
    writeFileSync(other, bytes);
    const { code, stderr } = await premotor('replay', other, '--json');
    expect(code).toBe(1); // the checksum of the chunk tells, or the comparison does
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('no recording, or one of no run: one line', async () => {
    const none = await premotor('replay', join(robot.folder, 'none.mcap'));
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^error: /m);
    const text = await premotor('replay', robot.file('text.mcap', 'hello'));
    expect(text.code).toBe(1);
    expect(text.stderr).not.toMatch(/^\s+at /m);
  });

  it('premotor record looks on while another drives; convert makes episodes of it', async () => {
    const ros = new Ros({ url: robot.url });
    await new Promise((resolve) => ros.once('connection', resolve));
    const topic = new Topic({ ros, name: '/cmd_vel', messageType: 'geometry_msgs/msg/Twist' });
    const driving = setInterval(
      () => topic.publish({ linear: { x: Math.random() - 0.5, y: 0.3, z: 0 }, angular: { x: 0, y: 0, z: 0 } }),
      50,
    );
    const seen = join(robot.folder, 'seen.mcap');
    const config = ['--config', 'examples/two-room.yaml'];
    const made = await premotor(
      'record',
      '--url',
      robot.url,
      ...config,
      '--out',
      seen,
      '--size',
      '64',
      '--duration',
      '4',
      '--json',
    );
    clearInterval(driving);
    ros.close();
    expect(made.code).toBe(0);
    const { frames, commands, dropped } = lastLine(made.stdout) as Record<string, number>;
    expect(frames).toBeGreaterThan(20);
    expect(commands).toBeGreaterThan(20);
    expect(dropped).toBe(0);
    const out = join(robot.folder, 'data');
    const converted = await premotor('convert', seen, ...config, '--out', out, '--json');
    expect(converted.code).toBe(0);
    const data = await openDataset(out);
    expect(data.episodes).toBeGreaterThan(0);
    expect(data.meta.actionSize).toBe(2);
    expect([...data.actions(0, 5, 15)].some((value) => value !== 0)).toBe(true);
    data.close();
  });

  it('records no camera that is not there', async () => {
    const text = readFileSync('examples/two-room.yaml', 'utf8').replace('topic: /camera/image_raw', 'topic: /nowhere');
    const config = robot.file('other.yaml', text);
    const { code, stderr } = await premotor(
      'record',
      '--url',
      robot.url,
      '--config',
      config,
      '--out',
      join(robot.folder, 'x.mcap'),
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/nobody publishes \/nowhere/);
  });
});
