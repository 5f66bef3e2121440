import { cpSync, readFileSync, truncateSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { encodePng } from '../../src/data/image.ts';
import { modelFacts } from '../../src/data/model-facts.ts';
import { eventually } from '../page/listener.ts';
import { dotFrame } from '../support/dot.ts';
import { lastLine, premotor } from './program.ts';
import { mindOf, running, simulated, witness } from './ros.ts';

type Robot = Awaited<ReturnType<typeof simulated>>;
const config = ['--config', 'examples/two-room.yaml'];
type Told = {
  readonly link: { readonly commands: number; readonly rests: number };
  readonly events: object;
  readonly planMs: { readonly count: number };
};
const moving = (action: readonly number[]) => action.some((value) => value !== 0);
const neverAStack = (stderr: string) => expect(stderr).not.toMatch(/^\s+at /m);
/** One line and a hint at most, at the end, and never a stack. */
const plain = (stderr: string) => {
  expect(stderr.match(/^error: /gm)).toHaveLength(1);
  expect(stderr).toMatch(/(^|\n)error: .+\n(hint: .+\n)?$/);
  neverAStack(stderr);
};

describe('premotor run, with a robot', () => {
  let robot: Robot;
  beforeAll(async () => {
    robot = await simulated('--ros', '1', '--rate', '20');
  });
  afterAll(() => robot.close());

  it('--dry-run says what is there and what would be published, and sends nothing', async () => {
    const sees = await witness(robot.url, 1);
    const before = await sees.state();
    const { code, stdout, stderr } = await premotor('run', '--url', robot.url, ...config, '--dry-run', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const peers = expect.arrayContaining(['/robot']);
    expect(lastLine(stdout)).toMatchObject({
      ok: true,
      ros: 1,
      topics: [
        { use: 'camera camera', topic: '/camera/image_raw', type: 'sensor_msgs/Image', direction: 'in', peers },
        { use: 'commands', topic: '/cmd_vel', type: 'geometry_msgs/Twist', direction: 'out', peers },
        { use: 'diagnostics', topic: '/diagnostics', direction: 'out' },
      ],
      publishes: [
        { topic: '/cmd_vel', type: 'geometry_msgs/Twist' },
        { topic: '/diagnostics', type: 'diagnostic_msgs/DiagnosticArray' },
      ],
      camera: { frames: [{ name: 'camera', width: 64, height: 64 }] },
      rest: { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } },
    });
    const asText = await premotor('run', '--url', robot.url, ...config, '--dry-run');
    expect(asText.stdout).toMatch(/commands\s+-> \/cmd_vel \(geometry_msgs\/Twist; \/robot/);
    expect(asText.stdout).toMatch(/pictures come: camera 64x64/);
    expect((await sees.state()).commands).toBe(before.commands);
    expect(sees.heard).toEqual([]);
    sees.close();
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('arms, moves, and on %s says the last rest, acknowledged', async (signal, code) => {
    const sees = await witness(robot.url, 1);
    const run = running(robot.url, '--goal', robot.goal, '--arm');
    await run.says(/^moving/m);
    await eventually(() => expect(sees.heard.some(moving)).toBe(true));
    run.child.kill(signal);
    const { code: got, stdout, stderr } = await run.end;
    expect(got).toBe(code);
    neverAStack(stderr);
    const told = lastLine(stdout) as Told;
    expect(told).toMatchObject({ acknowledged: true, ros: 1, events: { armed: 1 }, link: { refused: 0 } });
    expect((await sees.state()).action).toEqual([0, 0]); // its answer comes behind all commands
    expect(sees.heard.at(-1)).toEqual([0, 0]);
    sees.close();
  });

  it('SIGUSR2 presses the e-stop: nothing but rest reaches the robot from then on', async () => {
    const sees = await witness(robot.url, 1);
    const run = running(robot.url, '--goal', robot.goal, '--arm');
    await run.says(/^moving/m);
    await eventually(() => expect(sees.heard.some(moving)).toBe(true));
    run.child.kill('SIGUSR2');
    await run.says(/e-stop pressed: by SIGUSR2/);
    await run.says(/resting: e-stop/);
    await eventually(() => expect(sees.heard.at(-1)).toEqual([0, 0]));
    const since = sees.heard.length;
    await eventually(() => expect(sees.heard.length - since).toBeGreaterThan(30));
    expect(sees.heard.slice(since).filter(moving)).toEqual([]);
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.end;
    expect(code).toBe(143);
    neverAStack(stderr);
    expect(lastLine(stdout)).toMatchObject({ acknowledged: true, events: { armed: 1, 'e-stop pressed': 1 } });
    sees.close();
  });

  it('does not arm for a goal picture unlike anything the model has seen, unless told to', async () => {
    const white = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(255) };
    const goal = robot.file('white.png', encodePng(white));
    const sees = await witness(robot.url, 1);
    const asking = running(robot.url, '--goal', goal, '--arm');
    await asking.says(/unlike anything the model has seen \([\d.]+ x as far .*: not armed; .*--accept-goal/);
    await asking.says(/plans\/s; link up/, asking.text().length);
    asking.child.kill('SIGINT');
    expect(lastLine((await asking.end).stdout)).not.toHaveProperty('events.armed');
    expect(sees.heard.some(moving)).toBe(false);
    const told = running(robot.url, '--goal', goal, '--arm', '--accept-goal');
    await told.says(/^moving/m);
    told.child.kill('SIGINT');
    await told.end;
    sees.close();
  });

  it('without --arm it never moves', async () => {
    const sees = await witness(robot.url, 1);
    const run = running(robot.url, '--goal', robot.goal);
    await run.says(/the mind is ready/);
    await run.says(/plans\/s; link up/, run.text().length);
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await run.end;
    expect(code).toBe(130);
    neverAStack(stderr);
    const { link, events, planMs } = lastLine(stdout) as Told;
    expect(planMs.count).toBeGreaterThan(0); // it would have liked to
    expect(link.commands).toBe(link.rests);
    expect(events).not.toHaveProperty('moving');
    expect(sees.heard.filter(moving)).toEqual([]);
    sees.close();
  });

  it('goes on by itself when the robot comes back', async () => {
    const run = running(robot.url, '--config', robot.config({ resumeWithinMs: 60_000 }), '--goal', robot.goal, '--arm');
    await run.says(/^moving/m);
    const before = run.text().length;
    await robot.kill();
    await run.says(/resting: (link lost|stale frame)/, before);
    const gone = run.text().length;
    await robot.again();
    await run.says(/^moving/m, gone);
    run.child.kill('SIGINT');
    const { stdout, stderr } = await run.end;
    neverAStack(stderr);
    expect(lastLine(stdout)).toMatchObject({ acknowledged: true, events: { armed: 1 } });
  });

  it('goes on by itself when its mind was killed; it is the model that was named', async () => {
    const sees = await witness(robot.url, 1);
    const { sha256 } = modelFacts('checkpoints/two-room');
    const own = robot.config({ resumeWithinMs: 60_000 }, { sha256 });
    const run = running(robot.url, '--config', own, '--goal', robot.goal, '--arm');
    await run.says(/^moving/m);
    const before = run.text().length;
    process.kill(mindOf(run.child), 'SIGKILL');
    await run.says(/^resting: mind lost/m, before);
    await run.says(/^mind lost: the mind process ended \(SIGKILL\)/m, before);
    const gone = run.text().length;
    await run.says(/the mind is ready/, gone);
    await run.says(/^moving/m, gone);
    run.child.kill('SIGINT');
    const { stdout, stderr } = await run.end;
    neverAStack(stderr);
    const told = lastLine(stdout) as Told;
    expect(told).toMatchObject({ acknowledged: true, events: { armed: 1, 'mind lost': 1 } });
    await sees.state();
    expect(sees.heard.at(-1)).toEqual([0, 0]);
    sees.close();
  });

  it('a model that cannot be loaded: the run ends in a line, the robot has not moved', async () => {
    const sees = await witness(robot.url, 1);
    const checkpoint = join(robot.folder, 'damaged');
    cpSync('checkpoints/two-room', checkpoint, { recursive: true });
    truncateSync(join(checkpoint, 'model.safetensors'), 1000);
    const { code, stderr } = await running(robot.url, '--goal', robot.goal, '--arm', '--checkpoint', checkpoint).end;
    expect(code).toBe(1);
    plain(stderr);
    expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
      expect.stringMatching(/^error: checkpoint .*damaged: model\.safetensors does not match its checksum/),
      expect.stringMatching(/^hint: /),
    ]);
    expect(sees.heard.filter(moving)).toEqual([]);
    sees.close();
  });

  it('a recording that exists already is not written over', async () => {
    const path = robot.file('there.mcap', 'precious');
    const { code, stderr } = await running(robot.url, '--goal', robot.goal, '--record', path).end;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*there\.mcap exists already\nhint: /m);
    plain(stderr);
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it.each([
    [
      'a goal that is an empty file',
      () => ['--goal', robot.file('small.png', '')],
      1,
      /the picture must be a PNG or a JPEG, got an empty file/,
    ],
    ['no goal', () => [], 2, /one of --goal, .* and --say, .* must be given, got none/],
    ['two goals', () => ['--goal', robot.goal, '--say', 'left'], 2, /one of --goal, .* must be given, got both/],
    ['words that nobody knows', () => ['--say', 'in the cellar'], 2, /"cellar" is not understood in "in the cellar"/],
    [
      'another host, unencrypted',
      () => ['--goal', robot.goal, '--url', 'ws://192.0.2.1:9090'],
      3,
      /plain ws:\/\/ to another machine \(192\.0\.2\.1\) is refused/,
    ],
    ['no address', () => ['--goal', robot.goal, '--url', 'nonsense'], 3, /must be like ws:\/\/127\.0\.0\.1:9090/],
    ['a robot of another kind', () => ['--goal', robot.goal, '--robot', 'rso'], 2, /--robot must be one of ros/],
  ] as const)('%s: one line', async (_, args, code, message) => {
    const { code: got, stderr } = await premotor('run', '--url', robot.url, ...config, '--headless', ...args());
    expect(got).toBe(code);
    expect(stderr).toMatch(message);
    plain(stderr);
  });

  it('a goal picture of another size', async () => {
    const path = robot.file('one.png', encodePng(dotFrame([0, 0])));
    const { code, stderr } = await premotor('run', '--url', robot.url, ...config, '--headless', '--goal', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/must be 64x64 pixels, got a PNG of 1x1/);
    plain(stderr);
  });

  it.each([
    [
      'a camera that nobody has',
      'topic: /camera/image_raw',
      'topic: /camera/image_rav',
      4,
      /nobody publishes \/camera\/image_rav; did you mean \/camera\/image_raw\?/,
    ],
    ['a key that is none', 'safety:', 'saftey:', 3, /saftey[\s\S]*safety/],
    ['no limits', 'rate: 20 m/s^2', 'deadBand: 0 m/s', 3, /rate/],
    ['no YAML', 'name: two-room', 'name: [', 3, /robot\.yaml/],
    [
      'another model',
      'checkpoint: checkpoints/two-room',
      'checkpoint: checkpoints/two-room\n  sha256: "0123456789012345678901234567890123456789012345678901234567890123"',
      5,
      /must be 012345678901, got/,
    ],
  ] as const)('a configuration with %s: one line', async (_, from, to, code, message) => {
    const path = robot.file('robot.yaml', readFileSync('examples/two-room.yaml', 'utf8').replace(from, to));
    const args = ['--url', robot.url, '--config', path, '--headless', '--goal', robot.goal, '--duration', '5'];
    const { code: got, stderr } = await premotor('run', ...args);
    expect(stderr).toMatch(message);
    plain(stderr);
    expect(got).toBe(code);
  });
});

describe('premotor run, without one', () => {
  const listen = (server: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }) =>
    new Promise<string>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)),
    );

  it('nothing there', async () => {
    const { code, stderr } = await premotor('run', '--url', 'ws://127.0.0.1:9', ...config, '--dry-run');
    expect(code).toBe(4);
    expect(stderr).toMatch(/nothing that is a rosbridge answers at ws:\/\/127\.0\.0\.1:9/);
    expect(stderr).toMatch(/hint: .*premotor sim/);
    plain(stderr);
  });

  it('a web server', async () => {
    const server = createServer((_, response) => response.end('hello'));
    const { code, stderr } = await premotor('run', '--url', await listen(server), ...config, '--dry-run');
    server.close();
    expect(code).toBe(4);
    expect(stderr).toMatch(/nothing that is a rosbridge answers at .*200/);
    plain(stderr);
  });

  it('a socket that is no bridge', async () => {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
    const { code, stderr } = await premotor('run', '--url', await listen(http), ...config, '--dry-run');
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    expect(code).toBe(4);
    expect(stderr).toMatch(/has not answered/);
    plain(stderr);
  });
});
