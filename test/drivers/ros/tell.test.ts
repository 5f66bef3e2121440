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
  return { teller: tell({ link, beliefs, version, robotTime: () => 1.7e12 }), link, heard, notes };
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
    const { poses } = heard.get('/plan')![0] as { poses: { pose: { position: object } }[] };
    expect(poses.map(({ pose }) => pose.position)).toMatchObject([
      { x: 0, y: 1 },
      { x: 0.25, y: 0 },
    ]); // y counts up
    const { markers } = heard.get('/futures')![0] as { markers: { ns: string }[] };
    expect(markers.map(({ ns }) => ns)).toEqual(['candidates', 'elites', 'best']);
    expect(heard.get('/diagnostics')![0]).toMatchObject({
      status: [{ level: 2, name: 'premotor: link', values: [{ key: 'connections', value: '3' }] }],
    });
  });
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
  teller.thought({ distance: Number.NaN });
  expect(link.counts.published + link.counts.unpublished).toBe(0);
});
