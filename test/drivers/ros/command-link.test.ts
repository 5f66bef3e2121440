import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { realClock, virtualClock } from '../../../src/clock.ts';
import { type CommandLinkOptions, commandLink, type LinkState } from '../../../src/drivers/ros/command-link.ts';
import { webSocket } from '../../../src/drivers/ros/socket.ts';
import { seeded } from '../../../src/random.ts';
import { type Connection, fakeBridge, publishedOn } from './fake-bridge.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const TOPIC = '/cmd_vel';
const rest = { topic: TOPIC, msg: { data: 0 } };
const motion = (data: number) => ({ topic: TOPIC, msg: { data } });
const topics = [
  { topic: TOPIC, type: 'std_msgs/Float32' },
  { topic: '/diagnostics', type: 'diagnostic_msgs/DiagnosticArray' },
];

function rig(given: Partial<CommandLinkOptions> = {}, seed = 1) {
  const clock = virtualClock(1000);
  const bridge = fakeBridge(clock);
  const wired = { clock, random: seeded(seed), open: bridge.open, topics, rest: () => rest };
  const link = commandLink({ ...wired, settleMs: 0, ...given });
  const states: LinkState[] = [];
  link.state$.subscribe((state) => states.push(state));
  const data = () => bridge.connections.map((one) => publishedOn(one).map(({ msg }) => msg.data));
  return { clock, bridge, link, states, data };
}

type Step = readonly [what: string, value: number];

const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('motion'), fc.integer({ min: 1, max: 1e6 })) },
  { weight: 2, arbitrary: fc.constant(['rest', 0] as const) },
  { weight: 6, arbitrary: fc.tuple(fc.constant('wait'), fc.integer({ min: 0, max: 120 })) },
  { weight: 3, arbitrary: fc.constantFrom(['answers', 0], ['answers', 1], ['refuses', 0], ['refuses', 1]) },
  { weight: 2, arbitrary: fc.constantFrom(['opens', 0], ['opens', 1], ['reset', 0], ['prove', 0], ['other', 0]) },
  { weight: 1, arbitrary: fc.constantFrom(['buffered', 0], ['buffered', 70_000], ['delay', 1], ['delay', 140]) },
) as fc.Arbitrary<Step>;

/** Plays the steps; what was sent at once, by its number. */
async function play({ clock, bridge, link }: ReturnType<typeof rig>, steps: readonly Step[]) {
  const left = new Map<number, number>();
  let count = 0;
  for (const [what, value] of steps) {
    if (what === 'motion') {
      const number = ++count;
      if (link.command(motion(number), false)) left.set(number, clock.now());
    } else if (what === 'rest') link.command(rest, true);
    else if (what === 'wait') await clock.advance(value);
    else if (what === 'answers') bridge.answers = value === 1;
    else if (what === 'refuses') bridge.refuses = value === 1;
    else if (what === 'opens') bridge.opens = value === 1;
    else if (what === 'reset') bridge.end('read ECONNRESET');
    else if (what === 'prove') void link.prove();
    else if (what === 'other') link.command({ topic: '/reboot', msg: {} }, false);
    else if (what === 'buffered') bridge.buffered = value;
    else bridge.delayMs = value;
  }
  return left;
}

describe('whatever happens to a bridge', () => {
  const auth = { op: 'auth', mac: 'secret' };
  const sent = ({ log }: Connection) => log.flatMap(({ text }) => (text === undefined ? [] : [JSON.parse(text)]));

  /** Between two motions there is the answer to the first one, or to a later ping. */
  const windowed = ({ log }: Connection) => {
    let owed: number | undefined;
    let moved = false;
    const pings: string[] = [];
    for (const { text, ping, pong } of log) {
      if (ping !== undefined) pings.push(ping);
      const said = text === undefined ? {} : JSON.parse(text);
      if (said.op === 'publish' && said.msg.data !== 0) {
        expect(owed).toBeUndefined();
        moved = true;
      } else if (moved && ping !== undefined) {
        owed = pings.length - 1;
        moved = false;
      } else if (pong !== undefined && owed !== undefined && pings.indexOf(pong) >= owed) owed = undefined;
    }
  };

  test('a connection begins with auth, then rest; what leaves leaves at once; one motion at most is unanswered', async () => {
    let motions = 0;
    let connections = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), fc.nat(1000), async (steps, seed) => {
        const made = rig({ auth }, seed);
        const left = await play(made, steps);
        const moved = made.bridge.connections.flatMap((one) => publishedOn(one)).filter(({ msg }) => msg.data !== 0);
        expect(moved.map(({ atMs, msg }) => [msg.data, atMs])).toEqual([...left]);
        for (const one of made.bridge.connections) {
          const [first, ...others] = sent(one);
          if (first !== undefined) expect(first).toEqual(auth);
          expect(others.filter(({ op }) => op === 'auth')).toEqual([]);
          expect(others.every(({ topic }) => topics.some((known) => known.topic === topic))).toBe(true);
          expect([undefined, 0]).toContain(publishedOn(one)[0]?.msg.data);
          windowed(one);
        }
        const { commands, rests, connections: counted } = made.link.counts;
        expect(commands - rests).toBe(moved.length);
        expect(counted).toBe(made.bridge.connections.length);
        motions += moved.length;
        connections += counted;
      }),
      { numRuns: 2000, seed: 5 },
    );
    expect(motions).toBeGreaterThan(3000);
    expect(connections).toBeGreaterThan(4000);
  });

  test('once all is well again it is up within its longest wait and a round trip', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(1000), async (steps, seed) => {
        const made = rig({}, seed);
        await play(made, steps);
        Object.assign(made.bridge, { answers: true, refuses: false, opens: true, buffered: 0, delayMs: 1 });
        made.bridge.end('read ECONNRESET');
        await made.clock.advance(1000 + 150 + 10);
        expect(made.link.state).toBe('up');
        expect(made.link.command(motion(1), false)).toBe(true);
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});

describe('a connection', () => {
  test('rests until the bridge answers, and moves only then', async () => {
    const { clock, bridge, link, states, data } = rig();
    bridge.answers = false;
    expect(link.command(motion(1), false)).toBe(false);
    await clock.run(1001);
    expect(link.command(motion(2), false)).toBe(false);
    await clock.run(1090);
    expect(data()).toEqual([[0, 0]]);
    bridge.answers = true;
    await clock.run(1103);
    expect(link.command(motion(3), false)).toBe(true);
    expect({ data: data(), states }).toEqual({ data: [[0, 0, 0, 3]], states: ['connecting', 'greeting', 'up'] });
    expect(link.counts).toMatchObject({ connections: 1, commands: 4, rests: 3, dropped: 2, refused: 0 });
  });

  test('holds nothing but rest in the second that a rosbridge keeps for who subscribes late; so does every later one', async () => {
    const { clock, bridge, link, states } = rig({ settleMs: undefined });
    const tried = async (untilMs: number) => {
      while (clock.now() < untilMs) {
        link.command(motion(1), false);
        await clock.advance(10);
      }
    };
    await tried(3000);
    bridge.end('read ECONNRESET');
    await tried(6000);
    expect(states.filter((state) => state === 'up')).toHaveLength(2);
    expect(bridge.connections).toHaveLength(2);
    for (const one of bridge.connections) {
      const openMs = one.log.find(({ text }) => text?.includes('advertise'))!.atMs;
      const published = publishedOn(one);
      const moved = published.filter(({ msg }) => msg.data !== 0);
      expect(moved[0]!.atMs - openMs).toBeGreaterThanOrEqual(1000);
      expect(moved[0]!.atMs - openMs).toBeLessThan(1000 + 50 + 20);
      expect(published.filter(({ atMs }) => atMs < openMs + 1000).length).toBeGreaterThanOrEqual(19);
    }
  });

  test('that owes an answer for 150 ms is cut off, within a ping of it; one stale motion at most is left behind', async () => {
    const { clock, bridge, link, states, data } = rig();
    await clock.run(1500);
    bridge.answers = false;
    const frozenMs = clock.now();
    while (states.at(-1) === 'up') {
      link.command(motion(7), false);
      await clock.advance(1);
    }
    expect(clock.now() - frozenMs).toBeLessThanOrEqual(150 + 50 + 1);
    expect(clock.now() - frozenMs).toBeGreaterThanOrEqual(100);
    expect(data()[0]!.filter((value) => value !== 0)).toEqual([7]);
    expect(bridge.connections[0]!.state).toBe('killed');
    expect(link.trouble).toMatch(/^the bridge has not answered for 1\d\d ms$/);
  });

  test('that answers ever later is cut off, though answers come all the time', async () => {
    const { clock, bridge, link } = rig();
    await clock.run(1500);
    while (link.state === 'up' && bridge.delayMs < 1000) {
      bridge.delayMs++;
      await clock.advance(10);
    }
    expect(bridge.delayMs).toBeGreaterThan(100);
    expect(bridge.delayMs).toBeLessThan(200);
  });

  test('is not kept alive by old answers', async () => {
    const clock = virtualClock(0);
    let pong = (_: string) => {};
    const link = commandLink({
      clock,
      random: seeded(1),
      topics,
      rest: () => rest,
      settleMs: 0,
      open: ({ onOpen, onPong }) => {
        pong = onPong;
        clock.schedule(onOpen, 1);
        return { send: () => {}, ping: () => pong('p1'), bufferedAmount: 0, close: () => {}, kill: () => {} };
      },
    });
    await clock.run(10);
    expect(link.state).toBe('up');
    await clock.run(149);
    expect(link.counts.connections).toBe(1);
    await clock.run(310);
    expect(link.trouble).toMatch(/has not answered/);
  });

  test('that answers the newest ping only has answered all before it, as the protocol allows', async () => {
    const { clock, bridge, link } = rig();
    await clock.run(1500);
    bridge.answers = false;
    expect(link.command(motion(1), false)).toBe(true);
    const proved = link.prove();
    bridge.answers = true;
    expect(link.command(motion(2), false)).toBe(false);
    await clock.advance(55);
    expect(link.command(motion(3), false)).toBe(true);
    expect(await proved).toBe(true);
    expect(link.counts.connections).toBe(1);
  });

  test('that was lost is heard no more', async () => {
    const clock = virtualClock(0);
    const made: Parameters<CommandLinkOptions['open']>[0][] = [];
    const link = commandLink({
      clock,
      random: seeded(1),
      topics,
      rest: () => rest,
      open: (events) => {
        made.push(events);
        return { send: () => {}, ping: () => {}, bufferedAmount: 0, close: () => {}, kill: () => {} };
      },
    });
    made[0]!.onClose('gone');
    await clock.run(200);
    expect(made).toHaveLength(2);
    made[0]!.onOpen();
    made[0]!.onPong('p1');
    made[0]!.onClose('gone again');
    expect({ state: link.state, connections: link.counts.connections }).toEqual({
      state: 'connecting',
      connections: 2,
    });
    await clock.run(5000);
    expect(made).toHaveLength(2);
  });

  test('is tried again after a wait drawn from a range that doubles up to a second', async () => {
    const { clock, bridge } = rig({ random: { ...seeded(1), uniform: () => 0.999 } });
    bridge.refuses = true;
    const times: number[] = [];
    let seen = 0;
    while (times.length < 8) {
      await clock.advance(1);
      if (bridge.connections.length > seen) times.push(clock.now());
      seen = bridge.connections.length;
    }
    const waits = times.slice(1).map((time, i) => time - times[i]! - 1);
    for (const [i, wait] of waits.entries()) {
      const most = [100, 200, 400, 500, 500, 500, 500][i]!;
      expect(wait).toBeGreaterThan(most - 3);
      expect(wait).toBeLessThanOrEqual(most);
    }
  });

  test('with too many bytes unsent is cut off, and a new one begins with rest', async () => {
    const { clock, bridge, link, data } = rig();
    await clock.run(1100);
    bridge.buffered = 65_537;
    expect(link.command(motion(1), false)).toBe(false);
    expect({ state: link.state, trouble: link.trouble }).toEqual({
      state: 'down',
      trouble: '65537 bytes wait to be sent',
    });
    expect(bridge.connections[0]!.state).toBe('killed');
    bridge.buffered = 0;
    await clock.advance(200);
    expect(link.command(motion(2), false)).toBe(true);
    expect(data()[1]).toEqual([0, 2]);
  });
});

describe('what else may leave', () => {
  test('is for the topics that were named, and none of 1,000 others', async () => {
    const { clock, bridge, link } = rig();
    await clock.run(1100);
    let refused = 0;
    for (let i = 0; i < 1000; i++) {
      const topic = ['/reboot', '/cmd_vel2', 'cmd_vel', '__proto__', '/cmd_vel/', 'close'][i % 6]! + (i % 7 ? i : '');
      const publication = { topic, msg: { data: i } };
      const left = i % 2 ? link.publish(publication) : link.command(publication, i % 4 === 0);
      if (!left) refused++;
    }
    expect({ refused, counted: link.counts.refused }).toEqual({ refused: 1000, counted: 1000 });
    expect(publishedOn(bridge.connections[0]!).map(({ topic }) => topic)).toEqual([TOPIC]);
  });

  test('waits for nothing: where bytes are unsent, or no bridge is, it is dropped', async () => {
    const { clock, bridge, link } = rig();
    const news = { topic: '/diagnostics', msg: { data: 5 } };
    expect(link.publish(news)).toBe(false);
    await clock.run(1100);
    bridge.buffered = 1;
    expect(link.publish(news)).toBe(false);
    bridge.buffered = 0;
    expect(link.publish(news)).toBe(true);
    expect(link.counts).toMatchObject({ published: 1, unpublished: 2 });
  });
});

describe('a proof', () => {
  test('is the answer behind a rest; none comes of a bridge that is gone', async () => {
    const { clock, bridge, link, data } = rig();
    expect(await link.prove()).toBe(false);
    await clock.run(1100);
    const proof = link.prove();
    await clock.advance(2);
    expect(await proof).toBe(true);
    expect(data()).toEqual([[0, 0]]);
    bridge.answers = false;
    const none = link.prove();
    await clock.advance(250);
    expect(await none).toBe(false);
  });
});

describe('the end', () => {
  test('is a rest, acknowledged; no motion leaves behind it', async () => {
    const { clock, bridge, link, states, data } = rig();
    await clock.run(1100);
    link.command(motion(1), false);
    await clock.advance(5);
    bridge.delayMs = 20;
    const closing = link.close();
    await clock.advance(5);
    expect(link.command(motion(2), false)).toBe(false);
    await clock.advance(150);
    expect(await closing).toBe(true);
    expect({ data: data(), states, socket: bridge.connections[0]!.state }).toEqual({
      data: [[0, 1, 0]],
      states: ['connecting', 'greeting', 'up', 'closed'],
      socket: 'closed',
    });
    expect(link.command(rest, true)).toBe(false);
    expect(await link.prove()).toBe(false);
    await clock.advance(5000);
    expect(bridge.connections).toHaveLength(1);
  });

  test.each(['answers', 'refuses', 'opens'] as const)('comes in time of a bridge that is wrong: %s', async (what) => {
    const { clock, bridge, link } = rig();
    await clock.run(1100);
    bridge[what] = what === 'refuses';
    if (what !== 'answers') bridge.end('gone');
    await clock.advance(100);
    const beganMs = clock.now();
    const closing = link.close(300).then((came) => ({ came, tookMs: clock.now() - beganMs }));
    await clock.advance(300);
    const { came, tookMs } = await closing;
    expect(came).toBe(false);
    expect(tookMs).toBeLessThanOrEqual(300);
    const before = bridge.connections.length;
    await clock.advance(5000);
    expect({ state: link.state, connections: bridge.connections.length }).toEqual({
      state: 'closed',
      connections: before,
    });
    expect(bridge.connections.some(({ state }) => state === 'open' || state === 'connecting')).toBe(false);
  });
});

describe('over a real socket', () => {
  async function server(hear: (socket: WebSocket, text: string) => void = () => {}) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    const heard: string[][] = [];
    server.on('connection', (socket) => {
      const mine: string[] = [];
      heard.push(mine);
      socket.on('error', () => {});
      socket.on('message', (data) => {
        mine.push(data.toString());
        hear(socket, data.toString());
      });
    });
    await new Promise((resolve) => server.once('listening', resolve));
    ends.push(() => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(resolve));
    });
    return { server, heard, url: `ws://127.0.0.1:${(server.address() as { port: number }).port}` };
  }
  const linkTo = (url: string, given: Partial<CommandLinkOptions> = {}) => {
    const open = webSocket({ url });
    const link = commandLink({ clock: realClock(), random: seeded(1), open, topics, rest: () => rest, ...given });
    ends.push(() => link.close(0));
    const until = (wanted: LinkState) =>
      new Promise<void>((resolve) => link.state$.subscribe((state) => state === wanted && resolve()));
    return { link, until };
  };
  const dataOf = (texts: readonly string[]) =>
    texts.map((text) => JSON.parse(text)).flatMap(({ op, msg }) => (op === 'publish' ? [msg.data as number] : []));

  test('auth comes first, then what is published, then rest', async () => {
    const { heard, url } = await server();
    const { link, until } = linkTo(url, { auth: { op: 'auth', mac: 'secret' } });
    await until('up');
    expect(link.command(motion(5), false)).toBe(true);
    expect(await link.close()).toBe(true);
    expect(heard[0]!.map((text) => JSON.parse(text).op).slice(0, 4)).toEqual([
      'auth',
      'advertise',
      'advertise',
      'publish',
    ]);
    const data = dataOf(heard[0]!);
    expect({ first: data[0], last: data.at(-1), moved: data.filter((value) => value !== 0) }).toEqual({
      first: 0,
      last: 0,
      moved: [5],
    });
  });

  test('of 1,000 publishes outside the list of topics none leaves', async () => {
    const { heard, url } = await server();
    const { link, until } = linkTo(url);
    await until('up');
    for (let i = 0; i < 1000; i++) {
      const publication = { topic: `/other${i}`, msg: {} };
      if (i % 2) link.publish(publication);
      else link.command(publication, true);
    }
    expect(link.counts.refused).toBe(1000);
    expect(await link.close()).toBe(true);
    const named = heard[0]!.map((text) => JSON.parse(text).topic as string);
    expect(new Set(named)).toEqual(new Set([TOPIC, '/diagnostics']));
  });

  test('a reader that is wedged is noticed by what is unsent, if it is not by silence', async () => {
    const { server: serving, url } = await server();
    const { link, until } = linkTo(url, { doubtMs: 60_000, bufferBytes: 65_536 });
    await until('up');
    for (const socket of serving.clients) socket.pause();
    const lost = until('down');
    const wide = { topic: TOPIC, msg: { data: 0, padding: 'x'.repeat(100_000) } };
    let left = 0;
    while (link.state === 'up' && left < 1000) {
      link.command(wide, true);
      left++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await lost;
    expect(link.trouble).toMatch(/^\d+ bytes wait to be sent$/);
  });

  test('of commands given to a frozen bridge one motion at most is heard after the thaw, then rest', async () => {
    const { server: serving, heard, url } = await server();
    const { link, until } = linkTo(url);
    await until('up');
    const [frozen] = [...serving.clients];
    const tcp = (frozen as unknown as { _socket: { pause(): void; resume(): void } })._socket;
    tcp.pause();
    const closed = new Promise((resolve) => frozen!.once('close', resolve));
    let number = 0;
    const timer = setInterval(() => link.command(motion(++number), false), 5);
    await until('down');
    await until('up');
    clearInterval(timer);
    tcp.resume();
    await closed;
    expect(dataOf(heard[0]!).filter((value) => value !== 0).length).toBeLessThanOrEqual(1);
    expect(dataOf(heard[1]!)[0]).toBe(0);
    expect(number).toBeGreaterThan(5);
  });
});
