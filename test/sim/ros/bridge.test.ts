import { createServer } from 'node:net';
import fc from 'fast-check';
import { Ros, Service, Topic } from 'roslib';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type BridgeOptions, type RosBridge, rosBridge } from '../../../sim/ros/bridge.ts';
import { type RosGraph, rosGraph } from '../../../sim/ros/graph.ts';
import { decodeRaw } from '../../../src/drivers/ros/raw.ts';
import { typeName } from '../../../src/drivers/ros/version.ts';
import { LinkLost } from '../../../src/errors.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Given = { version?: 1 | 2 } & Partial<BridgeOptions>;

async function serve({ version = 1, ...given }: Given = {}) {
  const graph = rosGraph({ version, now: () => 5000 });
  const notes: string[] = [];
  const bridge = await rosBridge({ graph, port: 0, onNote: (line) => notes.push(line), ...given });
  ends.push(() => bridge.close());
  return { graph, bridge, notes };
}

async function roslib({ url }: RosBridge): Promise<Ros> {
  const ros = new Ros({ url });
  ros.on('error', () => {});
  await new Promise((resolve) => ros.once('connection', resolve));
  ends.push(() => ros.close());
  return ros;
}

/** A client that can say anything. `fence` resolves when all that was said before is dealt with. */
async function plain({ url }: RosBridge) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const answers = new Map<string, (answer: unknown) => void>();
  socket.on('error', () => {});
  socket.on('message', (data, isBinary) => {
    if (isBinary) return;
    const answer = JSON.parse(data.toString()) as { id?: string };
    answers.get(answer.id ?? '')?.(answer);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  ends.push(() => socket.terminate());
  let count = 0;
  const fence = () => {
    const id = `fence ${count++}`;
    socket.send(JSON.stringify({ op: 'call_service', service: '/rosapi/get_time', id }));
    return new Promise((resolve) => answers.set(id, resolve));
  };
  return { socket, closed, fence, say: (request: object) => socket.send(JSON.stringify(request)) };
}

const image = { header: {}, width: 2, height: 1, encoding: 'rgb8', step: 6, data: Uint8Array.of(9, 8, 7, 6, 5, 4) };

/** Publishes on every call, so that whoever subscribes in between is served. */
function camera(graph: RosGraph) {
  const publication = graph.advertise('/robot', '/camera', 'sensor_msgs/Image', { latch: true });
  publication.publish(image);
}

describe.each([1, 2] as const)('stock roslib, ROS %i', (version) => {
  const stamp = version === 1 ? { secs: 0, nsecs: 0 } : { sec: 0, nanosec: 0 };
  const named = (type: string) => typeName(type, version);
  const first = (ros: Ros, name: string, type: string, compression: string) =>
    new Promise<Record<string, unknown>>((resolve) => {
      new Topic<Record<string, unknown>>({ ros, name, messageType: named(type), compression }).subscribe(resolve);
    });

  test('sees pictures in every form', async () => {
    const { graph, bridge } = await serve({ version });
    camera(graph);
    const whole = { width: 2, height: 1, encoding: 'rgb8', is_bigendian: 0, step: 6 };
    const none = await first(await roslib(bridge), '/camera', 'sensor_msgs/Image', 'none');
    expect(none).toMatchObject({ ...whole, data: Buffer.from(image.data).toString('base64'), header: { stamp } });
    const cbor = await first(await roslib(bridge), '/camera', 'sensor_msgs/Image', 'cbor');
    expect(cbor).toMatchObject(whole);
    expect([...(cbor.data as Uint8Array)]).toEqual([...image.data]);
    const raw = await first(await roslib(bridge), '/camera', 'sensor_msgs/Image', 'cbor-raw');
    expect(raw).toMatchObject({ secs: 5, nsecs: 0 });
    expect(decodeRaw('sensor_msgs/Image', version, raw)).toMatchObject(whole);
  });

  test('publishes, is heard, and leaves', async () => {
    const { graph, bridge } = await serve({ version });
    const ros = await roslib(bridge);
    const heard = new Promise((resolve) => {
      graph.subscribe('/robot', '/cmd_vel', ['geometry_msgs/Twist'], resolve);
    });
    const topic = new Topic({ ros, name: '/cmd_vel', messageType: named('geometry_msgs/Twist') });
    topic.publish({ linear: { x: 1, y: 0, z: 0 }, angular: { x: 0, y: 0, z: -1 } });
    expect(await heard).toEqual({ linear: { x: 1, y: 0, z: 0 }, angular: { x: 0, y: 0, z: -1 } });
    expect(graph.publishers('/cmd_vel')).toEqual(['/rosbridge_websocket']);
    ros.close();
    const gone = await plain(bridge);
    while (graph.publishers('/cmd_vel').length > 0) await gone.fence();
  });

  test('asks rosapi and calls services', async () => {
    const { graph, bridge } = await serve({ version });
    camera(graph);
    const handle = (asked: unknown) => ({ success: true, message: JSON.stringify(asked) });
    graph.offer({ name: '/robot/enable', type: 'std_srvs/SetBool', node: '/robot', handle });
    const ros = await roslib(bridge);
    const topics = await new Promise((resolve, reject) => ros.getTopics(resolve, reject));
    expect(topics).toEqual({ topics: ['/camera'], types: [named('sensor_msgs/Image')] });
    const nodes = await new Promise((resolve, reject) => ros.getNodes(resolve, reject));
    expect(nodes).toEqual(['/robot', '/rosapi']);
    const enable = new Service({ ros, name: '/robot/enable', serviceType: 'std_srvs/SetBool' });
    const call = (args: object) =>
      new Promise((resolve) => enable.callService(args, resolve, (error) => resolve(`failed: ${error}`)));
    expect(await call({ data: true })).toEqual({ success: true, message: '{"data":true}' });
    expect(await call({ data: 1 })).toMatch(/^failed: std_srvs\/SetBoolRequest must have bool for data/);
  });
});

describe('whatever a client says', () => {
  const good = [
    { op: 'advertise', topic: '/cmd_vel', type: 'geometry_msgs/Twist', latch: false },
    { op: 'publish', topic: '/cmd_vel', msg: { linear: { x: 1 }, angular: { z: 1 } } },
    { op: 'subscribe', id: 'a', topic: '/camera', type: 'sensor_msgs/Image', throttle_rate: 10, queue_length: 1 },
    { op: 'unsubscribe', id: 'a', topic: '/camera' },
    { op: 'call_service', id: 'b', service: '/rosapi/topic_type', args: { topic: '/camera' } },
    { op: 'unadvertise', topic: '/cmd_vel' },
  ];
  const mutated = fc.constantFrom(...good).chain((request) => {
    const text = JSON.stringify(request);
    const key = fc.oneof(fc.constantFrom(...Object.keys(request)), fc.constantFrom('__proto__', 'constructor', 'msg'));
    return fc.oneof(
      fc
        .tuple(key, fc.jsonValue())
        .map(([name, value]) => `{${[JSON.stringify(name), JSON.stringify(value)].join(':')},${text.slice(1)}`),
      fc
        .tuple(key, fc.jsonValue())
        .map(([name, value]) => `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`),
      fc.integer({ min: 0, max: text.length }).map((length) => text.slice(0, length)),
      fc.json(),
      fc.string(),
    );
  });

  test.each([1, 2] as const)('the server goes on and Object is as it was, ROS %i', async (version) => {
    const { graph, bridge } = await serve({ version, faults: true });
    camera(graph);
    graph.subscribe('/robot', '/cmd_vel', ['geometry_msgs/Twist'], () => {});
    const before = Object.getOwnPropertyNames(Object.prototype);
    const { socket, fence } = await plain(bridge);
    await fc.assert(
      fc.asyncProperty(fc.array(mutated, { minLength: 1, maxLength: 20 }), async (texts) => {
        for (const text of texts) socket.send(text);
        expect(await fence()).toMatchObject({ result: true });
      }),
      { numRuns: 100 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as Record<string, unknown>).topic).toBeUndefined();
  });

  test('bytes are not understood, and do no harm', async () => {
    const { bridge, notes } = await serve();
    const { socket, fence } = await plain(bridge);
    socket.send(Uint8Array.of(1, 2, 3));
    expect(await fence()).toMatchObject({ result: true });
    expect(notes).toEqual(['a binary message: only JSON is understood']);
  });

  test('a message that is too long ends its own connection only', async () => {
    const { bridge } = await serve({ maxMessageBytes: 1000 });
    const [rude, other] = [await plain(bridge), await plain(bridge)];
    rude.socket.send('x'.repeat(1001));
    expect(await rude.closed).toBe(1009);
    expect(await other.fence()).toMatchObject({ result: true });
  });

  test('deeply nested JSON is refused like any other', async () => {
    const { bridge, notes } = await serve();
    const { socket, fence } = await plain(bridge);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    socket.send(`{"op":"publish","topic":"/a","msg":${deep}}`);
    expect(await fence()).toMatchObject({ result: true });
    expect(notes).toHaveLength(1);
  });

  test('it is asked no more than a client may have', async () => {
    const { graph, bridge, notes } = await serve();
    const { say, fence } = await plain(bridge);
    for (let i = 0; i < 1100; i++) say({ op: 'advertise', topic: `/t${i}`, type: 'std_msgs/Bool' });
    await fence();
    expect({ topics: graph.topics.length, notes: notes.length }).toEqual({ topics: 1000, notes: 100 });
  });
});

describe('a connection', () => {
  test('answers pings', async () => {
    const { socket } = await plain((await serve()).bridge);
    const pong = new Promise((resolve) => socket.once('pong', (data) => resolve(data.toString())));
    socket.ping('here?');
    expect(await pong).toBe('here?');
  });

  test('that does not begin with auth is closed without a reason, where auth is asked for', async () => {
    const { bridge } = await serve({ auth: { mac: 'secret' } });
    const [silent, wrong, right] = [await plain(bridge), await plain(bridge), await plain(bridge)];
    silent.say({ op: 'set_level' });
    wrong.say({ op: 'auth', mac: 'secreT' });
    expect([await silent.closed, await wrong.closed]).toEqual([1005, 1005]);
    right.say({ op: 'auth', mac: 'secret', client: '', dest: '', rand: '', t: 0, level: '', end: 0 });
    expect(await right.fence()).toMatchObject({ result: true });
  });

  test('needs a bearer token where there is one', async () => {
    const { bridge } = await serve({ auth: { token: 'secret' } });
    const attempt = (authorization: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(bridge.url, { headers: { authorization } });
        ends.push(() => socket.terminate());
        socket.once('open', () => resolve('open'));
        socket.once('error', (error) => resolve(error.message));
      });
    expect(await attempt('Bearer secret')).toBe('open');
    expect(await attempt('Bearer other')).toMatch(/401/);
  });

  test.each([
    ['is left out of messages', 1, true],
    ['is left out of messages where no fault is copied', 2, false],
    ['gets them all too late from a ROS 2 server', 2, true],
  ] as const)('whose client does not read %s, and others are not kept waiting', async (_, version, faults) => {
    const { graph, bridge } = await serve({ version, faults, sendLimitBytes: 100_000 });
    const big = { ...image, data: new Uint8Array(1_000_000), width: 1000, height: 333 };
    const publication = graph.advertise('/robot', '/camera', 'sensor_msgs/Image');
    const [slow, quick] = [await plain(bridge), await plain(bridge)];
    const ask = { op: 'subscribe', topic: '/camera', type: 'sensor_msgs/Image', compression: 'cbor' };
    slow.say(ask);
    await slow.fence();
    slow.socket.pause();
    quick.say(ask);
    await quick.fence();
    let received = 0;
    quick.socket.on('message', (_, isBinary) => {
      if (isBinary) received++;
    });
    for (let i = 0; i < 60; i++) {
      publication.publish(big);
      await quick.fence();
    }
    expect(received).toBe(60);
    let late = 0;
    slow.socket.on('message', (_, isBinary) => {
      if (isBinary) late++;
    });
    slow.socket.resume();
    await slow.fence();
    if (version === 2 && faults) expect(late).toBe(60);
    else expect(late).toBeLessThan(60);
    expect(late).toBeGreaterThan(0);
  });

  test('ends with the server', async () => {
    const { bridge } = await serve();
    const { closed } = await plain(bridge);
    await bridge.close();
    expect(await closed).toBe(1001);
  });
});

describe('a place to listen', () => {
  test('that is taken, or not ours, is said in a line with a hint', async () => {
    const graph = rosGraph({ version: 1, now: () => 0 });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    ends.push(() => taken.close());
    const { port } = taken.address() as { port: number };
    const taking = rosBridge({ graph, port });
    await expect(taking).rejects.toMatchObject({ message: `port ${port} is taken`, hint: expect.any(String) });
    await expect(taking).rejects.toThrow(LinkLost);
    const elsewhere = rosBridge({ graph, port: 0, host: '192.0.2.1' });
    await expect(elsewhere).rejects.toMatchObject({ name: 'LinkLost', hint: expect.any(String) });
    expect(graph.services).toEqual([]);
  });
});
