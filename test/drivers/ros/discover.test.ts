import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../src/clock.ts';
import { rosBridge } from '../../../src/drivers/ros/bridge.ts';
import type { RobotConfigInput } from '../../../src/drivers/ros/config.ts';
import { discover, fatalProblem } from '../../../src/drivers/ros/discover.ts';
import { findRobot } from '../../../src/drivers/ros/open-robot.ts';
import { webSocket } from '../../../src/drivers/ros/socket.ts';
import type { PremotorError } from '../../../src/errors.ts';
import { seeded } from '../../../src/random.ts';
import { hostileServer } from './hostile-server.ts';
import { dotActions, dotConfig, simulatedRobot } from './simulated.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What is found at an address. */
async function look(url: string, given: Partial<RobotConfigInput> = {}) {
  const bridge = rosBridge({ clock: realClock(), random: seeded(1), open: webSocket({ url }), url });
  ends.push(() => bridge.close());
  const connected = new Promise<void>((resolve) => bridge.connected$.subscribe((is) => is && resolve()));
  await connected;
  return discover(bridge, await dotConfig(given));
}

describe.each([1, 2] as const)('on a ROS %i robot', (version) => {
  async function robot() {
    const made = await simulatedRobot(version);
    ends.push(() => made.close());
    return made;
  }
  const problems = async (given: Partial<RobotConfigInput>) => {
    const found = await look((await robot()).url, given);
    return {
      lines: found.topics.flatMap(({ use, problem, fatal }) =>
        problem ? [`${use}${fatal ? '!' : ''}: ${problem}`] : [],
      ),
      fatal: fatalProblem(found),
    };
  };

  test('everything is found, with who is at the other end', async () => {
    const found = await look((await robot()).url);
    const { topics, all } = found;
    expect(found.version).toBe(version);
    expect(topics.map(({ use, topic, type, peers }) => [use, topic, type, peers])).toEqual([
      ['camera camera', '/camera/image_raw', 'sensor_msgs/Image', ['/robot']],
      ['odometry', '/odom', 'nav_msgs/Odometry', ['/robot']],
      ['e-stop', '/e_stop', 'std_msgs/Bool', []],
      ['commands', '/cmd_vel', 'geometry_msgs/Twist', ['/robot']],
      ['diagnostics', '/diagnostics', undefined, []],
    ]);
    expect(topics.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(fatalProblem(found)).toBeUndefined();
    expect(all.get('/cmd_vel')).toBe(version === 1 ? 'geometry_msgs/Twist' : 'geometry_msgs/msg/Twist');
  });

  test('a topic of another type forbids driving', async () => {
    const { lines, fatal } = await problems({
      cameras: { front: { topic: '/odom' } },
      actions: { topic: '/e_stop', ...dotActions },
    });
    expect(lines).toEqual([
      'camera front!: /odom must be a sensor_msgs/Image or sensor_msgs/CompressedImage, got nav_msgs/Odometry',
      'commands!: /e_stop must be a geometry_msgs/Twist, got std_msgs/Bool',
    ]);
    expect(fatal).toMatchObject({ name: 'LinkLost', exitCode: 4, hint: expect.stringContaining('--dry-run') });
  });

  test('a topic that nobody has is told with the one that was meant', async () => {
    const { lines, fatal } = await problems({
      cameras: { front: { topic: '/camera/image_rw' } },
      joints: { topic: '/joint_state', names: ['a'] },
      actions: { topic: '/cmd_ve', ...dotActions },
    });
    expect(lines).toEqual([
      'camera front!: nobody publishes /camera/image_rw; did you mean /camera/image_raw?',
      'joints!: nobody publishes /joint_state; nothing there is a sensor_msgs/JointState',
      'commands!: nobody subscribes to /cmd_ve; did you mean /cmd_vel?',
    ]);
    expect(fatal?.message).toBe(`camera front: nobody publishes /camera/image_rw; did you mean /camera/image_raw?`);
  });

  test('a topic with nobody at the other end forbids driving where it is needed', async () => {
    const made = await robot();
    made.graph.subscribe('/viewer', '/camera/rear', ['sensor_msgs/Image'], () => {});
    const found = await look(made.url, { cameras: { rear: { topic: '/camera/rear' } } });
    expect(found.topics[0]).toMatchObject({ problem: 'nobody publishes /camera/rear', fatal: true, peers: [] });
  });

  test('a packed picture is taken for what it is', async () => {
    const found = await look((await robot()).url, { cameras: { front: { topic: '/camera/image_raw/compressed' } } });
    expect(found.topics[0]).toMatchObject({ type: 'sensor_msgs/CompressedImage', peers: ['/robot'] });
    expect(fatalProblem(found)).toBeUndefined();
  });

  test('the version that was said is believed', async () => {
    const other = version === 1 ? 2 : 1;
    expect((await look((await robot()).url, { ros: { version: other } })).version).toBe(other);
  });
});

describe('where there is no rosapi', () => {
  /** A bridge that answers every question thus. */
  const answering = async (answer: object | undefined) => {
    const server = await hostileServer(({ op, id }, socket) => {
      if (op === 'call_service' && answer) socket.send(JSON.stringify({ op: 'service_response', id, ...answer }));
    });
    ends.push(() => server.close());
    return server.url;
  };
  const failure = async (url: string) => {
    const config = await dotConfig();
    const options = { config, url, clock: realClock(), random: seeded(1), wallMs: () => 0, patienceMs: 300 };
    const error = (await findRobot(options).catch((cause) => cause)) as PremotorError;
    expect(error).toMatchObject({ name: 'LinkLost', exitCode: 4 });
    expect(error.message).toMatch(/^[^\n]+$/);
    return `${error.message} | ${error.hint}`;
  };

  test('it says so', async () => {
    const missing = await answering({ result: false, values: 'Service /rosapi/topics does not exist' });
    expect(await failure(missing)).toMatch(/^\/rosapi\/topics says: Service \/rosapi\/topics does not exist/);
  });

  test('but silence, it says so', async () => {
    expect(await failure(await answering(undefined))).toMatch(
      /^\/rosapi\/topics has not answered within 2000 ms \| is there a rosbridge with rosapi/,
    );
  });

  test.each([null, 'x', [], {}, { topics: ['/a'] }, { topics: ['/a'], types: [] }, { topics: 'ab', types: 'cd' }])(
    'but something that answers %j, it says so',
    async (values) => {
      expect(await failure(await answering({ result: true, values }))).toMatch(
        /^\/rosapi\/topics does not answer as rosapi does \| start rosapi/,
      );
    },
  );

  test('nor a bridge, it says what is there', async () => {
    const listening = async (server: Server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      ends.push(() => new Promise((resolve) => server.close(resolve)));
      return `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
    };
    const web = await listening(createHttpServer((_, response) => response.end('<html>')));
    expect(await failure(web)).toBe(
      `nothing that is a rosbridge answers at ${web} (Unexpected server response: 200) | ${HINT}`,
    );
    const silent = await listening(
      createServer((socket) => ends.push(() => socket.destroy()) && socket.on('error', () => {})),
    );
    expect(await failure(silent)).toBe(`nothing that is a rosbridge answers at ${silent} | ${HINT}`);
    expect(await failure('ws://127.0.0.1:9')).toMatch(/\(connect ECONNREFUSED 127\.0\.0\.1:9\)/);
  });
});

const HINT = 'is it started, and is the address right? Without a robot: premotor sim --task two-room --serve-ros 9090';
