import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ros, Service, Topic } from 'roslib';
import { afterAll, describe, expect, it } from 'vitest';
import { twoRoom } from '../../sim/worlds/two-room/task.ts';
import { decodePicture } from '../../src/data/image.ts';
import { ended, lastLine, premotor, start } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-sim-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The address that a running `premotor sim` says it is at. */
const address = (child: ReturnType<typeof start>) =>
  new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr!.on('data', (part: Buffer) => {
      text += String(part);
      const url = text.match(/robot at (ws:\/\/127\.0\.0\.1:\d+)/)?.[1];
      if (url) resolve(url);
    });
    child.once('close', () => reject(new Error(text)));
  });

async function connected(url: string): Promise<Ros> {
  const ros = new Ros({ url });
  ros.on('error', () => {});
  await new Promise((resolve) => ros.once('connection', resolve));
  return ros;
}

const call = (ros: Ros, name: string) =>
  new Promise<{ message: string }>((resolve, reject) => {
    new Service<object, { message: string }>({ ros, name, serviceType: 'std_srvs/Trigger' }).callService(
      {},
      resolve,
      reject,
    );
  });

describe('premotor sim', () => {
  it('is a robot that a stock client sees and drives, until Ctrl-C', async () => {
    const child = start(['sim', '--serve-ros', '0', '--ros', '1', '--rate', '20', '--json']);
    const end = ended(child);
    const ros = await connected(await address(child));
    const camera = new Topic<{ width: number; encoding: string }>({
      ros,
      name: '/camera/image_raw',
      messageType: 'sensor_msgs/Image',
      compression: 'cbor',
    });
    const picture = await new Promise<{ width: number; encoding: string }>((resolve) => camera.subscribe(resolve));
    expect(picture).toMatchObject({ width: 64, height: 64, encoding: 'rgb8' });
    const drive = new Topic({ ros, name: '/cmd_vel', messageType: 'geometry_msgs/Twist' });
    drive.publish({ linear: { x: 1, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } });
    const { message } = await call(ros, '/robot/state');
    expect(JSON.parse(message)).toMatchObject({ commands: 1, enabled: true });
    ros.close();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await end;
    expect(code).toBe(130);
    expect(lastLine(stdout)).toMatchObject({ task: 'two-room', ros: 1, commands: 1, url: expect.any(String) });
    expect(stderr).toMatch(/^publishes \/camera\/image_raw, .*64x64, 20\.0 a second$/m);
  });

  it('writes a goal picture, and says when the robot is there', async () => {
    const path = join(folder, 'goal.png');
    const seed = ['--seed', '3'];
    // Fast, and with a wide doorway: there in a moment.
    const vary = [
      '--vary',
      'speed=10.5',
      '--vary',
      'wallThickness=7',
      '--vary',
      'doorHalfSizes=21',
      '--vary',
      'radius=7',
    ];
    const child = start(['sim', '--serve-ros', '0', '--rate', '200', '--goal-out', path, ...seed, ...vary, '--json']);
    const end = ended(child);
    const ros = await connected(await address(child));
    const goal = decodePicture(readFileSync(path), { width: 64, height: 64 });
    const there = twoRoom.read!(goal)!;
    const drive = new Topic({ ros, name: '/cmd_vel', messageType: 'geometry_msgs/msg/Twist' });
    const told = new Promise<void>((resolve) => {
      child.stderr!.on('data', (part: Buffer) => void (/is reached after/.test(String(part)) && resolve()));
    });
    let over = false;
    void told.then(() => {
      over = true;
    });
    const world = twoRoom.world({ speed: 10.5, wallThickness: 7, doorHalfSizes: [21], radius: 7 });
    while (!over) {
      const { state } = JSON.parse((await call(ros, '/robot/state')).message) as { state: number[] };
      const { agent } = world.decodeState(state);
      const [x, y] = towards(agent, there.agent);
      drive.publish({ linear: { x, y, z: 0 }, angular: { x: 0, y: 0, z: 0 } });
    }
    ros.close();
    child.kill('SIGTERM');
    const { code, stdout } = await end;
    expect(code).toBe(143);
    expect(lastLine(stdout)).toMatchObject({ reached: true, reachedMs: expect.any(Number) });
  });

  it('ends by itself after a while', async () => {
    const { code, stdout, stderr } = await premotor('sim', '--serve-ros', '0', '--duration', '0.3');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0 commands and \d+ steps in \d+\.\d s\n$/);
    expect(stderr).toMatch(/^two-room is a ROS 2 robot at ws:\/\/127\.0\.0\.1:\d+$/m);
  });

  it('lists what there is', async () => {
    const { code, stdout } = await premotor('sim', '--list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^two-room$/m);
    expect(stdout).toMatch(/^ {2}--vary speed=/m);
    expect(lastLine((await premotor('sim', '--list', '--json')).stdout)).toMatchObject({ tasks: expect.any(Array) });
  });

  it.each([
    [
      'wants an end without a page',
      ['--headless'],
      2,
      /^error: --headless needs an end\nhint: give --episodes or --duration\n$/,
    ],
    ['knows who can drive', ['--policy', 'exprt'], 2, /^error: --policy must be one of .*manual.*\nhint: .*expert/],
    [
      'starts from moments that are recorded',
      ['--from', '/tmp/x:1', '--headless'],
      2,
      /^error: --from must be <data set>/,
    ],
    ['knows its tasks', ['--serve-ros', '0', '--task', 'two-rom'], 2, /two-rom.*\nhint: did you mean 'two-room'\?\n$/],
    ['knows its variations', ['--serve-ros', '0', '--vary', 'sped=3'], 2, /sped'\nhint: did you mean 'speed'\?\n$/],
    [
      'wants a port that is one',
      ['--serve-ros', '70000'],
      2,
      /^error: --serve-ros must be .* to 65535, got "70000"\n$/,
    ],
    ['knows two versions', ['--serve-ros', '0', '--ros', '3'], 2, /^error: --ros must be .* from 1 to 2, got "3"\n$/],
    ['keeps to this machine', ['--serve-ros', '0', '--host', '0.0.0.0'], 2, /0\.0\.0\.0 is not .*\nhint: .*--insecure/],
    ['cannot be elsewhere', ['--serve-ros', '0', '--host', '192.0.2.1', '--insecure'], 4, /EADDRNOTAVAIL.*\nhint: /],
    ['shows no more than there is', ['--serve-ros', '0', '--camera-rate', '50'], 2, /--camera-rate must be.*\nhint: /],
    [
      'needs a place for its picture',
      ['--serve-ros', '0', '--goal-out', '/nowhere/a.png'],
      1,
      /\/nowhere\/a\.png.*ENOENT/,
    ],
  ] as const)('%s', async (_, args, code, said) => {
    const { code: ended, stdout, stderr } = await premotor('sim', ...args);
    expect({ code: ended, stdout }).toEqual({ code, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('says that a port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const { code, stderr } = await premotor('sim', '--serve-ros', String(port));
      expect(code).toBe(4);
      expect(stderr).toMatch(new RegExp(`^error: port ${port} is taken\\nhint: `));
    } finally {
      taken.close();
    }
  });
});

/** A unit step towards a place in the other room, through the doorway's middle. */
function towards([x, y]: readonly [number, number], [gx, gy]: readonly [number, number]): [number, number] {
  const [wall, door] = [112, 49];
  const across = x < wall !== gx < wall;
  const [tx, ty] = !across ? [gx, gy] : Math.abs(y - door) > 8 && Math.abs(x - wall) < 30 ? [x, door] : [gx, door];
  const length = Math.max(1, Math.hypot(tx - x, ty - y) / 2);
  return [(tx - x) / (2 * length), (ty - y) / (2 * length)];
}
