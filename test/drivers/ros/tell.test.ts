import { afterEach, describe, expect, test } from 'vitest';
import { rosBridge } from '../../../sim/ros/bridge.ts';
import { rosGraph } from '../../../sim/ros/graph.ts';
import { realClock } from '../../../src/clock.ts';
import { commandLink } from '../../../src/drivers/ros/command-link.ts';
import { command } from '../../../src/drivers/ros/messages/command.ts';
import { webSocket } from '../../../src/drivers/ros/socket.ts';
import { tell } from '../../../src/drivers/ros/tell.ts';
import { type RosVersion, typeName } from '../../../src/drivers/ros/version.ts';
import { seeded } from '../../../src/random.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const topics = {
  '/cmd_vel': 'geometry_msgs/Twist',
  '/plan': 'nav_msgs/Path',
  '/futures': 'visualization_msgs/MarkerArray',
  '/distance': 'std_msgs/Float32',
  '/diagnostics': 'diagnostic_msgs/DiagnosticArray',
};

/** Beliefs through a real socket into a graph that checks every field; what was heard, and what was refused. */
async function telling(version: RosVersion, allowed = Object.keys(topics)) {
  const clock = realClock();
  const graph = rosGraph({ version, now: () => 1.7e12 + clock.now() });
  const notes: string[] = [];
  const bridge = await rosBridge({ graph, port: 0, onNote: (line) => notes.push(line) });
  ends.push(() => bridge.close());
  const heard = new Map<string, Record<string, unknown>[]>();
  for (const [topic, type] of Object.entries(topics)) {
    heard.set(topic, []);
    graph.subscribe('/test', topic, [type], (message) =>
      heard.get(topic)!.push(message as unknown as Record<string, unknown>),
    );
  }
  const twist = command({ type: 'geometry_msgs/Twist', version, names: ['linear.x'], frameId: '', stepMs: 50 });
  const link = commandLink({
    clock,
    random: seeded(1),
    open: webSocket({ url: bridge.url }),
    topics: Object.entries(topics)
      .filter(([topic]) => allowed.includes(topic))
      .map(([topic, type]) => ({ topic, type: typeName(type, version) })),
    rest: () => ({ topic: '/cmd_vel', msg: twist([0], 0) }),
  });
  ends.push(() => link.close());
  await expect.poll(() => link.state, { timeout: 20_000 }).toBe('up');
  const beliefs = {
    path: '/plan',
    markers: '/futures',
    distance: '/distance',
    diagnostics: '/diagnostics',
    frame: 'map',
  };
  return { teller: tell({ link, beliefs, version, robotTime: () => 1.7e12 }), link, heard, notes, bridge, graph };
}

const paths = { candidates: [[0, 0, 0.5, 0.5]], elites: [[0, 0, 0.5, 1]], best: [0, 0, 0.25, 1] };

describe.each([1, 2] as const)('what is believed, told to ROS %i', (version) => {
  test('arrives, and every field is what its type says', async () => {
    const { teller, heard, notes } = await telling(version);
    teller.diagnose([{ name: 'premotor: link', level: 'error', message: 'down', values: { connections: '3' } }]);
    await expect.poll(() => heard.get('/diagnostics')!.length, { timeout: 20_000 }).toBe(1);
    await expect
      .poll(
        () => {
          teller.thought({ distance: 0.5, paths });
          return Object.keys(topics)
            .slice(1)
            .every((topic) => heard.get(topic)!.length > 0);
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(notes).toEqual([]);
    expect(heard.get('/distance')![0]).toMatchObject({ data: 0.5 });
    const stamp = version === 1 ? { secs: 1_700_000_000, nsecs: 0 } : { sec: 1_700_000_000, nanosec: 0 };
    expect(heard.get('/plan')![0]).toMatchObject({ header: { stamp, frame_id: 'map' } });
    expect(heard.get('/diagnostics')![0]).toMatchObject({ header: { stamp } });
    const { poses } = heard.get('/plan')![0] as { poses: { pose: { position: object } }[] };
    expect(poses.map(({ pose }) => pose.position)).toMatchObject([
      { x: 0, y: 1 },
      { x: 0.25, y: 0 },
    ]); // y counts up
    const { markers } = heard.get('/futures')![0] as { markers: { ns: string }[] };
    expect(markers.map(({ ns }) => ns)).toEqual(['candidates', 'elites', 'best']);
    expect(markers[2]).toMatchObject({
      header: { stamp, frame_id: 'map' },
      points: [
        { x: 0, y: 1, z: 0 },
        { x: 0.25, y: 0, z: 0 },
      ],
    });
    expect(heard.get('/diagnostics')![0]).toMatchObject({
      status: [{ level: 2, name: 'premotor: link', values: [{ key: 'connections', value: '3' }] }],
    });
  });
});

test('nothing waits: what cannot be told now is never told, and commands go before', async () => {
  const { teller, link, heard, bridge, graph } = await telling(2);
  await bridge.close();
  await expect.poll(() => link.state, { timeout: 20_000 }).not.toBe('up');
  const { published, unpublished } = link.counts;
  for (let i = 0; i < 20; i++) teller.thought({ distance: i, paths });
  teller.diagnose([{ name: 'lost', level: 'error', message: 'down', values: {} }]);
  expect(link.counts.published).toBe(published);
  expect(link.counts.unpublished).toBe(unpublished + 61);
  const again = await rosBridge({ graph, port: Number(new URL(bridge.url).port) });
  ends.push(() => again.close());
  await expect.poll(() => link.state, { timeout: 20_000 }).toBe('up');
  await expect
    .poll(
      () => {
        teller.thought({ distance: 100, paths: undefined });
        return heard.get('/distance')!.length;
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0);
  expect(heard.get('/distance')![0]).toEqual({ data: 100 });
  for (const topic of ['/plan', '/futures', '/diagnostics']) expect(heard.get(topic)).toEqual([]);
  expect(heard.get('/cmd_vel')!.length).toBeGreaterThan(0); // a rest opened each connection
});

test('a belief that nobody wants is not told', async () => {
  const { link, heard } = await telling(2);
  const beliefs = { diagnostics: false as const, frame: '' };
  const quiet = tell({ link, beliefs, version: 2, robotTime: () => 0 });
  quiet.thought({ distance: 1, paths });
  quiet.diagnose([]);
  expect(link.counts).toMatchObject({ published: 0, unpublished: 0, refused: 0 });
  for (const topic of Object.keys(topics).slice(1)) expect(heard.get(topic)).toEqual([]);
});

test('nothing is told outside the list of topics', async () => {
  const { teller, link, heard } = await telling(2, ['/cmd_vel', '/distance']);
  for (let i = 0; i < 50; i++) teller.thought({ distance: i, paths });
  await expect.poll(() => heard.get('/distance')!.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(heard.get('/plan')).toEqual([]);
  expect(link.counts.refused).toBeGreaterThan(0);
});

test('a distance that is no number is not told', async () => {
  const { teller, link } = await telling(2);
  teller.thought({ distance: Number.NaN, paths: undefined });
  expect(link.counts.published + link.counts.unpublished).toBe(0);
});
