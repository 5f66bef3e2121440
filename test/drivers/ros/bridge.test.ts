import { encode } from 'cbor2';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, realClock } from '../../../src/clock.ts';
import { type BridgeOptions, type Received, rosBridge } from '../../../src/drivers/ros/bridge.ts';
import { webSocket } from '../../../src/drivers/ros/socket.ts';
import { LinkLost } from '../../../src/errors.ts';
import { seeded } from '../../../src/random.ts';
import { hostileServer } from './hostile-server.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const wanted = { topic: '/odom', type: 'nav_msgs/Odometry', compression: 'cbor' } as const;
const good = (number: number) => JSON.stringify({ op: 'publish', topic: '/odom', msg: { number } });

/** The machine's clock, which the test can put forward. */
function steppedClock(): Clock & { step(ms: number): void } {
  const clock = realClock();
  let ahead = 0;
  return { ...clock, now: () => clock.now() + ahead, step: (ms) => (ahead += ms) };
}

async function rig(given: Partial<BridgeOptions> = {}, hear?: Parameters<typeof hostileServer>[0]) {
  const server = await hostileServer(hear);
  ends.push(() => server.close());
  const clock = steppedClock();
  const lost: string[] = [];
  const refused: string[] = [];
  const connected: boolean[] = [];
  const bridge = rosBridge({
    clock,
    random: seeded(1),
    open: webSocket({ url: server.url, maxPayload: 100_000 }),
    url: server.url,
    onLost: (why) => lost.push(why),
    onRefused: (why) => refused.push(why),
    ...given,
  });
  ends.push(() => bridge.close());
  const news = new Set<() => void>();
  bridge.connected$.subscribe((is) => {
    connected.push(is);
    for (const look of news) look();
  });
  const until = (fits: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => fits() && news.delete(look) && resolve();
      news.add(look);
      look();
    });
  const listen = (topic: string = wanted.topic) => {
    const got: Received[] = [];
    const subscription = bridge.topic({ ...wanted, topic }).subscribe((received) => {
      got.push(received);
      for (const look of news) look();
    });
    return { got, subscription, numbers: () => got.map(({ msg }) => (msg as { number: number }).number) };
  };
  return { server, clock, bridge, lost, refused, connected, until, listen };
}

/** No two of a row alike, none to be taken. */
function malformed(i: number): string | Uint8Array {
  const topic = ['close', 'connection', 'error', '__proto__', 'constructor', '/other', 'message'][i % 7]!;
  const kinds = [
    JSON.stringify({ op: 'publish', topic, msg: { i } }),
    JSON.stringify({ op: 'service_response', id: topic, values: {}, result: true, i }),
    JSON.stringify({ op: 'service_response', id: '/odom', values: {}, result: true, i }),
    JSON.stringify({ op: 'fragment', id: i, data: '{', num: 0, total: 4.54 }),
    JSON.stringify({ op: 'png', data: 'iVBORw0KGgo=' }),
    JSON.stringify({ op: ['close', 'open', 'message', 'error'][i % 4], i }),
    `{"op":"publish","topic":"/odom","msg":{"__proto__":{"polluted":${i}}}}`,
    `{"op":"publish","topic":"/odom","msg":${i}}`,
    `{"op":"publish","topic":"/odom","ms`,
    encode({ op: 'publish', topic, msg: { i } }),
    Uint8Array.of(0x9b, 255, 255, 255, 255, 255, 255, 255, i % 256),
    Uint8Array.of(i % 256),
    '',
  ];
  return kinds[i % kinds.length]!;
}

describe('a hostile bridge', () => {
  test('that says 5,000 things that are none: what is good between them comes, and nothing else happens', async () => {
    const { server, clock, bridge, lost, connected, until, listen } = await rig();
    const { numbers } = listen();
    const other = listen('/joint_states');
    await server.until(() => (server.heard[0]?.length ?? 0) >= 2);
    const [socket] = server.sockets;
    let bad = 0;
    let sent = 0;
    while (bad < 5000) {
      for (let i = 0; i < 400; i++) {
        socket!.send(malformed(bad++));
        if (i % 8 === 0) socket!.send(good(sent++));
      }
      await until(() => numbers().length === sent);
      clock.step(1001);
    }
    expect(numbers()).toEqual(Array.from({ length: sent }, (_, i) => i));
    expect(bridge.counts).toEqual({ received: bad + sent, refused: bad, connections: 1 });
    expect({ lost, connected, other: other.got }).toEqual({ lost: [], connected: [false, true], other: [] });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(bad).toBeGreaterThanOrEqual(5000);
  });

  test('that floods is cut off, and asked again when it has been', async () => {
    const { server, lost, refused, listen, bridge } = await rig();
    const { numbers } = listen();
    await server.until(() => server.heard[0]?.length === 1);
    for (let i = 0; i < 2000; i++) server.sockets[0]!.send(malformed(i));
    await server.until(() => server.heard[1]?.length === 1);
    expect(lost).toEqual(['500 messages in a second were none to be taken']);
    expect(refused).toHaveLength(1);
    expect(numbers()).toEqual([]);
    expect(bridge.counts.refused).toBe(500);
  });

  test('that sends too much in one message is left', async () => {
    const { server, lost, listen } = await rig();
    listen();
    await server.until(() => server.heard[0]?.length === 1);
    const [socket] = server.sockets;
    for (let i = 0; i < 2000; i++) socket!.send('x'.repeat(1000), { fin: false });
    await server.until(() => server.heard[1]?.length === 1);
    expect(lost).toEqual(['Max payload size exceeded']);
  });

  test('that no longer answers is left', async () => {
    const { server, lost, listen } = await rig({ doubtMs: 150 });
    listen();
    await server.until(() => server.heard[0]?.length === 1);
    server.sockets[0]!.pause();
    await server.until(() => server.heard[1]?.length === 1);
    expect(lost).toEqual([expect.stringMatching(/^the bridge has not answered for \d+ ms$/)]);
  });
});

describe('topics', () => {
  test('are asked for once on every connection, by those alone who still listen, auth before all', async () => {
    const auth = { op: 'auth', mac: 'secret' };
    const { server, listen, until } = await rig({ auth });
    const one = listen();
    const two = listen('/joint_states');
    const { type, compression } = wanted;
    const asked = (topic: string) => ({ op: 'subscribe', topic, type, compression, queue_length: 1, throttle_rate: 0 });
    for (let i = 0; i < 6; i++) {
      await server.until(() => server.heard[i]?.length === 3);
      expect(server.heard[i]!.map(({ id: _, ...rest }) => rest)).toEqual([
        auth,
        asked('/odom'),
        asked('/joint_states'),
      ]);
      server.sockets[0]!.send(good(i));
      await until(() => one.got.length === i + 1);
      server.sockets[0]!.terminate();
    }
    await server.until(() => server.heard[6]?.length === 3);
    two.subscription.unsubscribe();
    await server.until(() => server.heard[6]!.some(({ op }) => op === 'unsubscribe'));
    server.sockets[0]!.terminate();
    await server.until(() => server.heard[7]?.length === 2);
    expect(server.heard[7]!.map(({ topic }) => topic)).toEqual([undefined, '/odom']);
    expect(two.got).toEqual([]);
  });

  test('that nobody listens to any more are not taken', async () => {
    const { server, listen, until, bridge } = await rig();
    const [one, two] = [listen(), listen()];
    await server.until(() => server.heard[0]?.length === 2);
    one.subscription.unsubscribe();
    server.sockets[0]!.send(good(1));
    await until(() => two.got.length === 1);
    two.subscription.unsubscribe();
    const three = listen('/joint_states');
    server.sockets[0]!.send(good(2));
    server.sockets[0]!.send(JSON.stringify({ op: 'publish', topic: '/joint_states', msg: { number: 3 } }));
    await until(() => three.got.length === 1);
    expect({ one: one.got, two: two.numbers(), refused: bridge.counts.refused }).toEqual({
      one: [],
      two: [1],
      refused: 1,
    });
  });
});

describe('a question', () => {
  const answering = (answer: (id: unknown) => object | undefined) =>
    rig({}, (op, socket) => {
      const said = op.op === 'call_service' ? answer(op.id) : undefined;
      if (said !== undefined) socket.send(JSON.stringify({ op: 'service_response', ...said }));
    });

  test('is answered', async () => {
    const { bridge, until } = await answering((id) => ({ id, values: { time: 1 }, result: true }));
    await until(() => bridge.connected);
    expect(await bridge.call('/rosapi/get_time')).toEqual({ time: 1 });
  });

  test('that fails, or that nobody answers, says so in a line', async () => {
    const { bridge, until } = await answering((id) =>
      String(id).includes('/bad') ? { id, values: 'Service /bad does not exist', result: false } : undefined,
    );
    await until(() => bridge.connected);
    await expect(bridge.call('/bad')).rejects.toThrow(new LinkLost('/bad says: Service /bad does not exist'));
    await expect(bridge.call('/silent', {}, 30)).rejects.toThrow('/silent has not answered within 30 ms');
  });

  test('is not answered by another one’s answer, nor by a forged one', async () => {
    const ids: unknown[] = [];
    const { server, bridge, until } = await rig({}, ({ op, id }) => op === 'call_service' && ids.push(id));
    await until(() => bridge.connected);
    const [first, second] = [bridge.call('/one', {}, 2000), bridge.call('/two', {}, 100)];
    second.catch(() => {});
    await server.until(() => ids.length === 2);
    const say = (id: unknown, values: unknown) =>
      server.sockets[0]!.send(JSON.stringify({ op: 'service_response', id, values, result: true }));
    for (const id of ['call_service:/two', `${ids[1]} `, '', null, 0]) say(id, 'forged');
    say(ids[0], 'first');
    expect(await first).toBe('first');
    say(ids[0], 'again');
    await expect(second).rejects.toThrow(/not answered within 100 ms/);
    say(ids[1], 'too late');
    expect(bridge.connected).toBe(true);
  });

  test('is not put where there is no connection', async () => {
    const { server, bridge, until } = await rig();
    await until(() => bridge.connected);
    await server.close();
    await until(() => !bridge.connected);
    await expect(bridge.call('/one')).rejects.toThrow(/there is no connection/);
  });
});

describe('the end', () => {
  test('leaves nothing open, even at once', async () => {
    const { server, bridge, connected, lost } = await rig();
    bridge.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ sockets: server.sockets.length, lost, connected }).toEqual({ sockets: 0, lost: [], connected: [false] });
  });

  test('is the end: it does not connect again', async () => {
    const { server, bridge, until, lost } = await rig();
    await until(() => bridge.connected);
    bridge.close();
    while (server.sockets.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect({ connections: server.heard.length, lost }).toEqual({ connections: 1, lost: [] });
  });
});
