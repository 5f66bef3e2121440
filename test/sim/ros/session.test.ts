import { describe, expect, test } from 'vitest';
import { encoder } from '../../../sim/ros/encode.ts';
import { rosGraph } from '../../../sim/ros/graph.ts';
import { rosapi } from '../../../sim/ros/rosapi.ts';
import { type SessionOptions, session } from '../../../sim/ros/session.ts';
import { virtualClock } from '../../../src/clock.ts';
import { parsed, recorded, shape } from './frames.ts';

type Given = { version?: 1 | 2; faults?: boolean } & Partial<Pick<SessionOptions, 'admits' | 'sendLimitBytes'>>;

/** A client on a graph without a socket; what it is sent, and what the owner is told. */
function connect({ version = 1, faults = false, sendLimitBytes = 1000, ...given }: Given = {}) {
  const clock = virtualClock(5000);
  const graph = rosGraph({ version, now: clock.now, faults });
  rosapi(graph);
  const sent: (string | Uint8Array)[] = [];
  const notes: string[] = [];
  const wire = {
    buffered: 0,
    closed: false,
    send: (data: string | Uint8Array, done?: () => void) => {
      sent.push(data);
      done?.();
    },
    close: () => {
      wire.closed = true;
    },
  };
  const node = '/rosbridge_websocket';
  const encode = encoder(version, graph.now);
  const client = session({
    graph,
    wire,
    clock,
    encoder: encode,
    node,
    faults,
    sendLimitBytes,
    note: (line) => notes.push(line),
    ...given,
  });
  const say = (request: object) => client.receive(JSON.stringify(request));
  const ask = async (service: string, args?: unknown) => {
    const before = sent.length;
    say({ op: 'call_service', service, id: 'c', ...(args === undefined ? {} : { args }) });
    await clock.advance(0);
    return JSON.parse(sent.splice(before)[0] as string) as { values: unknown; result: boolean };
  };
  return { clock, graph, sent, notes, wire, client, say, ask };
}

const subscribe = (topic: string, type: string, more: object = {}) => ({ op: 'subscribe', topic, type, ...more });

describe('a client publishes', () => {
  test('what it advertised, and what others have a type for', () => {
    const { graph, say, notes } = connect();
    const heard: unknown[] = [];
    graph.subscribe('/robot', '/go', ['std_msgs/Bool'], (message) => heard.push(message));
    say({ op: 'advertise', topic: '/go', type: 'std_msgs/Bool' });
    say({ op: 'publish', topic: '/go', msg: { data: true } });
    say({ op: 'unadvertise', topic: '/go' });
    expect(graph.publishers('/go')).toEqual([]);
    say({ op: 'publish', topic: '/go', msg: { data: false } });
    expect(heard).toEqual([{ data: true }, { data: false }]);
    expect(notes).toEqual([]);
  });

  test.each([
    ['an unknown topic', { op: 'publish', topic: '/nobody', msg: {} }],
    ['an unknown type', { op: 'advertise', topic: '/a', type: 'nobody_msgs/Nothing' }],
    ['the type of another', { op: 'advertise', topic: '/go', type: 'std_msgs/String' }],
    ['an unknown field', { op: 'publish', topic: '/go', msg: { dat: true } }],
    ['null for a message', { op: 'publish', topic: '/go', msg: null }],
    ['a null', { op: 'publish', topic: '/go', msg: { data: null } }],
    ['no topic', { op: 'publish', msg: {} }],
    ['ROS 2 names to a ROS 1 server', { op: 'advertise', topic: '/b', type: 'std_msgs/msg/Bool' }],
  ])('%s: it never hears of it, and the owner does', (_, request) => {
    const { graph, say, sent, notes } = connect();
    const heard: unknown[] = [];
    graph.subscribe('/robot', '/go', ['std_msgs/Bool'], (message) => heard.push(message));
    say(request);
    expect({ sent, heard, notes: notes.length }).toEqual({ sent: [], heard: [], notes: 1 });
  });

  test('either kind of type name to a ROS 2 server', () => {
    const { graph, say, notes } = connect({ version: 2 });
    say({ op: 'advertise', topic: '/a', type: 'std_msgs/msg/Bool' });
    say({ op: 'advertise', topic: '/b', type: 'std_msgs/Bool' });
    expect([graph.typeOf('/a'), graph.typeOf('/b'), notes.length]).toEqual(['std_msgs/Bool', 'std_msgs/Bool', 0]);
  });
});

describe('a client subscribes', () => {
  test('before anyone publishes, once or more, and leaves', () => {
    const { graph, say, sent } = connect();
    say(subscribe('/t', 'std_msgs/Bool', { id: 'a' }));
    say(subscribe('/t', 'std_msgs/Bool', { id: 'b', compression: 'cbor' }));
    const publication = graph.advertise('/robot', '/t', 'std_msgs/Bool');
    publication.publish({ data: true });
    expect(sent.map(parsed)).toEqual([{ op: 'publish', topic: '/t', msg: { data: true } }]);
    expect(sent[0]).toBeInstanceOf(Uint8Array);
    say({ op: 'unsubscribe', topic: '/t', id: 'b' });
    publication.publish({ data: false });
    expect(typeof sent[1]).toBe('string');
    say({ op: 'unsubscribe', topic: '/t', id: 'a' });
    publication.publish({ data: true });
    expect(sent).toHaveLength(2);
    expect(graph.subscribers('/t')).toEqual([]);
  });

  test('to a latched topic and gets the last message at once', () => {
    const { graph, say, sent } = connect();
    graph.advertise('/robot', '/t', 'std_msgs/Bool', { latch: true }).publish({ data: true });
    say(subscribe('/t', 'std_msgs/Bool'));
    expect(sent).toHaveLength(1);
  });

  test('with the smallest throttle and the longest queue of its subscriptions', async () => {
    const { graph, clock, say, sent } = connect();
    const publication = graph.advertise('/robot', '/t', 'std_msgs/Bool');
    say(subscribe('/t', 'std_msgs/Bool', { id: 'a', throttle_rate: 500 }));
    say(subscribe('/t', 'std_msgs/Bool', { id: 'b', throttle_rate: 100, queue_length: 1 }));
    clock.schedule(function () {
      publication.publish({ data: true });
      this.schedule(undefined, 30);
    });
    await clock.advance(1000);
    expect(sent).toHaveLength(11);
  });

  test('and is left out when it does not read', () => {
    const { graph, wire, say, sent } = connect();
    say(subscribe('/t', 'std_msgs/Bool'));
    wire.buffered = 1001;
    graph.advertise('/robot', '/t', 'std_msgs/Bool').publish({ data: true });
    expect(sent).toEqual([]);
  });

  test.each([
    ['a type of another', subscribe('/t', 'std_msgs/String')],
    ['no type where none is known', { op: 'subscribe', topic: '/x' }],
    ['a throttle that is no number', subscribe('/t', 'std_msgs/Bool', { throttle_rate: '1' })],
  ])('%s: nothing comes, nothing is said', (_, request) => {
    const { graph, say, sent, notes } = connect();
    const publication = graph.advertise('/robot', '/t', 'std_msgs/Bool');
    say(request);
    publication.publish({ data: true });
    expect({ sent, notes: notes.length }).toEqual({ sent: [], notes: 1 });
  });

  test('in the shape of a real server', () => {
    for (const [compression, label] of [
      ['none', 'Image/none'],
      ['cbor', 'Image/cbor'],
      ['cbor-raw', 'Image/cbor-raw'],
    ] as const) {
      const { graph, say, sent } = connect();
      say(subscribe('/cam/image_raw', 'sensor_msgs/Image', { compression }));
      const image = { header: {}, width: 1, height: 1, encoding: 'rgb8', step: 3, data: Uint8Array.of(1, 2, 3) };
      graph.advertise('/robot', '/cam/image_raw', 'sensor_msgs/Image').publish(image);
      expect(shape(parsed(sent[0]!))).toEqual(shape(parsed(recorded(label))));
      expect(typeof sent[0]).toBe(typeof recorded(label));
    }
  });
});

describe('the faults of the real servers', () => {
  const joints = { name: ['a'], position: [1], header: { frame_id: '' } };
  const deliver = (given: Given, compression: string) => {
    const { graph, say, sent } = connect(given);
    say(subscribe('/j', 'sensor_msgs/JointState', { compression }));
    graph.advertise('/robot', '/j', 'sensor_msgs/JointState').publish(joints);
    return sent.length;
  };

  test('ROS 1 never delivers string[] as cbor, and everything else does', () => {
    expect(deliver({ version: 1, faults: true }, 'cbor')).toBe(0);
    expect(deliver({ version: 1, faults: true }, 'none')).toBe(1);
    expect(deliver({ version: 1, faults: true }, 'cbor-raw')).toBe(1);
    expect(deliver({ version: 1, faults: false }, 'cbor')).toBe(1);
    expect(deliver({ version: 2, faults: true }, 'cbor')).toBe(1);
  });

  test('a refused subscription goes on counting', () => {
    const lengths = [true, false].map((faults) => {
      const { graph, say, sent } = connect({ faults });
      const publication = graph.advertise('/robot', '/t', 'std_msgs/Bool');
      say(subscribe('/t', 'std_msgs/Bool', { id: 'a', throttle_rate: 1000 }));
      say(subscribe('/t', 'std_msgs/String', { id: 'b', throttle_rate: 0 }));
      for (let i = 0; i < 3; i++) publication.publish({ data: true });
      return sent.length;
    });
    expect(lengths).toEqual([3, 1]);
  });
});

describe('a client calls', () => {
  test('and is answered in the shape of a real server', async () => {
    const { graph, say, sent, clock } = connect();
    graph.subscribe('/robot', '/cmd_vel', ['geometry_msgs/Twist'], () => {});
    const handle = (asked: unknown) => ({ success: true, message: `enabled=${(asked as { data: boolean }).data}` });
    graph.offer({ name: '/robot/enable', type: 'std_srvs/SetBool', node: '/robot', handle });
    const calls = [
      ['call ok', '/robot/enable', { data: true }],
      ['call unknown', '/nope', {}],
      ['rosapi topic_type', '/rosapi/topic_type', { topic: '/cmd_vel' }],
      ['rosapi subscribers', '/rosapi/subscribers', { topic: '/cmd_vel' }],
    ] as const;
    for (const [label, service, args] of calls) {
      say({ op: 'call_service', service, args, id: 'c1' });
      await clock.advance(0);
      expect(shape(parsed(sent.pop()!)), label).toEqual(shape(parsed(recorded(label))));
    }
    const unknown = JSON.parse(recorded('call unknown') as string);
    say({ op: 'call_service', service: '/nope', id: unknown.id });
    await clock.advance(0);
    expect(JSON.parse(sent.pop() as string)).toEqual(unknown);
  });

  test('with arguments by name or by place, and hears when they are wrong', async () => {
    const { graph, ask } = connect();
    const handle = (asked: unknown) => ({ asked });
    graph.offer({ name: '/set', type: 'std_srvs/SetBool', node: '/robot', handle });
    expect(await ask('/set', { data: true })).toMatchObject({ values: { asked: { data: true } }, result: true });
    expect(await ask('set', [false])).toMatchObject({ values: { asked: { data: false } }, result: true });
    for (const args of [{ data: 'x' }, { dat: true }, [true, true], 7]) {
      expect(await ask('/set', args)).toMatchObject({ values: expect.any(String), result: false });
    }
  });

  test('and hears what a service says when it fails', async () => {
    const { graph, ask } = connect();
    const handle = () => Promise.reject(new Error('no'));
    graph.offer({ name: '/fail', type: 'std_srvs/Trigger', node: '/robot', handle });
    expect(await ask('/fail')).toMatchObject({ values: 'no', result: false });
  });

  test('rosapi, in the words of its version', async () => {
    const answers = await Promise.all(
      ([1, 2] as const).map(async (version) => {
        const { graph, ask, say } = connect({ version });
        graph.advertise('/robot', '/go', 'std_msgs/Bool');
        say(subscribe('/go', 'std_msgs/Bool'));
        const values = async (name: string, args = {}) => (await ask(`/rosapi/${name}`, args)).values;
        return {
          topics: await values('topics'),
          type: await values('topic_type', { topic: '/go' }),
          none: await values('topic_type', { topic: '/nobody' }),
          forType: await values('topics_for_type', { type: version === 1 ? 'std_msgs/Bool' : 'std_msgs/msg/Bool' }),
          publishers: await values('publishers', { topic: '/go' }),
          subscribers: await values('subscribers', { topic: '/go' }),
          nodes: await values('nodes'),
          time: await values('get_time'),
          serviceType: await values('service_type', { service: '/rosapi/topics' }),
          version: await values('get_ros_version'),
          param: await values('get_param', { name: '/use_sim_time', default: 'true' }),
        };
      }),
    );
    const same = {
      none: { type: '' },
      forType: { topics: ['/go'] },
      publishers: { publishers: ['/robot'] },
      subscribers: { subscribers: ['/rosbridge_websocket'] },
      nodes: { nodes: ['/robot', '/rosbridge_websocket', '/rosapi'] },
    };
    expect(answers[0]).toEqual({
      ...same,
      topics: { topics: ['/go'], types: ['std_msgs/Bool'] },
      type: { type: 'std_msgs/Bool' },
      time: { time: { secs: 5, nsecs: 0 } },
      serviceType: { type: 'rosapi/Topics' },
      version: 'Service /rosapi/get_ros_version does not exist',
      param: { value: 'true' },
    });
    expect(answers[1]).toEqual({
      ...same,
      topics: { topics: ['/go'], types: ['std_msgs/msg/Bool'] },
      type: { type: 'std_msgs/msg/Bool' },
      time: { time: { sec: 5, nanosec: 0 } },
      serviceType: { type: 'rosapi_msgs/srv/Topics' },
      version: { version: 2, distro: 'jazzy' },
      param: { value: 'true', successful: true, reason: '' },
    });
  });
});

describe('a connection', () => {
  test('must begin with auth where that is asked for', () => {
    const admits: SessionOptions['admits'] = ({ mac }) => mac === 'right';
    const outcomes = [{ op: 'auth', mac: 'right' }, { op: 'auth', mac: 'wrong' }, { op: 'set_level' }].map((first) => {
      const { say, wire, sent } = connect({ admits });
      say(first);
      return { closed: wire.closed, sent };
    });
    expect(outcomes.map(({ closed }) => closed)).toEqual([false, true, true]);
    expect(outcomes.every(({ sent }) => sent.length === 0)).toBe(true);
  });

  test('takes its publishers and subscribers along when it ends', () => {
    const { graph, say, client, sent } = connect();
    say({ op: 'advertise', topic: '/a', type: 'std_msgs/Bool' });
    say(subscribe('/b', 'std_msgs/Bool'));
    client.close();
    expect(graph.topics).toEqual([]);
    graph.advertise('/robot', '/b', 'std_msgs/Bool').publish({ data: true });
    say(subscribe('/b', 'std_msgs/Bool'));
    expect(sent).toEqual([]);
  });

  test('may ask for what is not served, and goes on', () => {
    const { graph, say, client, sent, notes } = connect();
    for (const op of ['fragment', 'png', 'advertise_service', 'toString', '__proto__']) say({ op });
    for (const text of ['', '{', 'null', '[]', '"a"', '{"op":1}']) client.receive(text);
    expect(notes).toHaveLength(11);
    for (const op of ['service_response', 'set_level', 'auth']) say({ op });
    expect(notes).toHaveLength(11);
    say(subscribe('/b', 'std_msgs/Bool', { compression: 'png', fragment_size: 10 }));
    graph.advertise('/robot', '/b', 'std_msgs/Bool').publish({ data: true });
    expect(sent.map(parsed)).toEqual([{ op: 'publish', topic: '/b', msg: { data: true } }]);
  });
});
