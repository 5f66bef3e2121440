import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { encodePng } from '../../src/data/image.ts';
import { dotFrame } from '../support/dot.ts';
import { lastLine, premotor } from './program.ts';
import { running, simulated } from './ros.ts';

type Robot = Awaited<ReturnType<typeof simulated>>;
const config = ['--config', 'examples/two-room.yaml'];
/** One line and a hint at most, and never a stack. */
const plain = (stderr: string) => {
  expect(stderr).toMatch(/^error: .+/m);
  expect(stderr).not.toMatch(/^\s+at /m);
};

describe('premotor run, with a robot', () => {
  let robot: Robot;
  beforeAll(async () => {
    robot = await simulated('--ros', '1', '--rate', '20');
  });
  afterAll(() => robot.close());

  it('--dry-run says what is there and what would be published, and sends nothing', async () => {
    const { code, stdout } = await premotor('run', '--url', robot.url, ...config, '--dry-run', '--json');
    expect(code).toBe(0);
    expect(lastLine(stdout)).toMatchObject({
      ok: true,
      ros: 1,
      publishes: [
        { topic: '/cmd_vel', type: 'geometry_msgs/Twist' },
        { topic: '/diagnostics', type: 'diagnostic_msgs/DiagnosticArray' },
      ],
      camera: { frames: [{ name: 'camera', width: 64, height: 64 }] },
    });
    const asText = await premotor('run', '--url', robot.url, ...config, '--dry-run');
    expect(asText.stdout).toMatch(/commands\s+-> \/cmd_vel \(geometry_msgs\/Twist; \/robot\)/);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('arms, moves, rests on SIGUSR2, and on %s says the last rest, acknowledged', async (signal, code) => {
    const run = running(robot.url, '--goal', robot.goal, '--arm');
    await run.says(/^moving/m);
    run.child.kill('SIGUSR2');
    await run.says(/e-stop pressed: by SIGUSR2/);
    await run.says(/resting: e-stop/);
    run.child.kill(signal);
    const { code: got, stdout, stderr } = await run.end;
    expect(got).toBe(code);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(lastLine(stdout)).toMatchObject({ acknowledged: true, ros: 1, events: { armed: 1, 'e-stop pressed': 1 } });
  });

  it('without --arm it never moves', async () => {
    const { code, stdout } = await running(robot.url, '--goal', robot.goal, '--duration', '3').end;
    expect(code).toBe(0);
    const { link, events } = lastLine(stdout) as { link: { commands: number; rests: number }; events: object };
    expect(link.commands).toBe(link.rests);
    expect(events).not.toHaveProperty('moving');
  });

  it('goes on by itself when the robot comes back', async () => {
    const run = running(robot.url, '--goal', robot.goal, '--arm');
    await run.says(/^moving/m);
    const before = run.text().length;
    await robot.kill();
    await run.says(/resting: (link lost|stale frame)/, before);
    const gone = run.text().length;
    await robot.again();
    await run.says(/^moving/m, gone);
    run.child.kill('SIGINT');
    expect(lastLine((await run.end).stdout)).toMatchObject({ acknowledged: true });
  });

  it.each([
    [
      'a goal of another size',
      () => ['--goal', robot.file('small.png', '')],
      1,
      /the picture must be a PNG or a JPEG, got an empty file/,
    ],
    ['no goal', () => [], 2, /--goal must be given/],
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
    const path = robot.file('one.png', '');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, encodePng(dotFrame([0, 0])));
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
    const { readFileSync } = await import('node:fs');
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
