import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/clock.ts';
import { openGym } from '../../../src/drivers/gym/open-gym.ts';
import { decoder, encode, type Message } from '../../../src/drivers/gym/wire.ts';
import { BadMessage, LinkLost } from '../../../src/errors.ts';

const spec = { version: 1, env: 'dot', low: [-1], high: [1], discrete: false, periodMs: 100 };
const seen = { width: 2, height: 1, state: [0.5], reward: 1, terminated: false, truncated: false };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Serves `hello`; everything else gets these bytes, silence (`''`) or a closed connection. */
async function dot(reply: (head: Message['head']) => Uint8Array | 'silence' | 'death', timeoutMs = 5000) {
  const server = createServer((socket) => {
    const decode = decoder();
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const { head } of decode(chunk)) {
        const bytes = head.kind === 'hello' ? encode(spec) : reply(head);
        if (bytes === 'death') socket.destroy();
        else if (bytes !== 'silence') socket.write(bytes);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gym = await openGym({ port: (server.address() as AddressInfo).port, clock: realClock(), timeoutMs });
  closers.push(() => server.close(), gym.close);
  return gym;
}

describe('an environment behind a socket', () => {
  it('says what it is, is reset and takes steps', async () => {
    const gym = await dot(({ action }) => encode({ ...seen, state: action ?? [0] }, new Uint8Array(6).fill(7)));
    expect(gym.spec).toMatchObject({ env: 'dot', low: [-1], high: [1], periodMs: 100 });
    expect((await gym.reset(3)).state).toEqual([0]);
    const { state, frame } = await gym.step([0.25]);
    expect(state).toEqual([0.25]);
    expect([...frame.data]).toEqual([7, 7, 7, 7, 7, 7]);
    await expect(gym.step([1, 2])).rejects.toThrow(RangeError);
  });

  it.each([
    ['dies in a step', 'death' as const, LinkLost],
    ['fails', encode({ error: 'dot: ValueError: no' }), LinkLost],
    ['sends too long a header', new Uint8Array(8).fill(255), BadMessage],
    ['sends garbage', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0, 1, 2]), BadMessage],
    ['sends a picture of another size', encode(seen, new Uint8Array(5)), BadMessage],
  ])('that %s is an error', async (_, bytes, kind) => {
    const gym = await dot(() => bytes);
    await expect(gym.step([0])).rejects.toThrow(kind);
  });

  it('that falls silent is lost', async () => {
    const gym = await dot(() => 'silence', 300);
    await expect(gym.step([0])).rejects.toThrow(/no answer in 300 ms/);
    await expect(gym.reset(1)).rejects.toThrow(LinkLost);
  });
});

it('messages arrive whole however they are cut', () => {
  const bytes = Buffer.concat([encode({ a: 1 }, new Uint8Array([1, 2])), encode({ b: 2 })]);
  const decode = decoder();
  const messages = [...bytes].flatMap((byte) => decode(new Uint8Array([byte])));
  expect(messages.map(({ head, body }) => [head, [...body]])).toEqual([
    [{ a: 1 }, [1, 2]],
    [{ b: 2 }, []],
  ]);
});
