import { readFileSync } from 'node:fs';
import { decode, encode, Tag } from 'cbor2';
import { afterAll, describe, expect, test } from 'vitest';
import { readInbound } from '../../../src/drivers/ros/inbound.ts';
import { holdsMore } from '../../../src/drivers/ros/values.ts';
import { type Random, seeded } from '../../../src/random.ts';

const ours = new Set(['/cam/image_raw', '/joint_states']);
const subscribed = (topic: string) => ours.has(topic);
const read = (data: string | Uint8Array) => readInbound(data, subscribed);
const publish = (msg: unknown, topic = '/joint_states') => ({ op: 'publish', topic, msg });
const json = (value: unknown) => JSON.stringify(value);

const captured = readFileSync(new URL('../../fixtures/ros/frames.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { label: string; bin: boolean; data: string })
  .map(({ label, bin, data }) => ({ label, data: bin ? new Uint8Array(Buffer.from(data, 'base64')) : data }));

const prototypes = () =>
  [Object, Array, Map, Function, String, Number, Uint8Array].map(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).join(),
  );
const before = prototypes();
afterAll(() => {
  expect(prototypes()).toEqual(before);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe('what a real server sent', () => {
  test.each(captured)('$label', ({ label, data }) => {
    const got = read(data);
    const wanted = typeof data === 'string' ? JSON.parse(data) : decode(data);
    if (/fragment|png|call bad args/.test(label)) expect(got).toEqual({ refused: expect.stringMatching(/^op "/) });
    else if (wanted.op === 'service_response')
      expect(got).toEqual({ refused: `id "${wanted.id}"` }); // roslib's ids begin otherwise
    else if (ours.has(wanted.topic)) expect(got).toEqual({ message: wanted });
    else expect(got).toEqual({ refused: `topic "${wanted.topic}"` });
  });

  test('answers to questions of roslib pass', () => {
    const answer = { op: 'service_response', id: 'call_service:/rosapi/topics:1-2', values: {}, result: true };
    expect(read(json(answer))).toEqual({ message: answer });
    expect(read(encode(answer))).toEqual({ message: answer });
  });

  test('arrays of numbers come as they are', () => {
    const got = read(encode(publish({ data: Float32Array.of(1, 2), bytes: Uint8Array.of(3), big: 2n ** 60n })));
    expect(got).toEqual({
      message: publish({ data: Float32Array.of(1, 2), bytes: Uint8Array.of(3), big: 2n ** 60n }),
    });
  });
});

/** Messages that would harm, with why they are refused. */
const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const hostile: readonly (readonly [what: string, data: string | Uint8Array, refused: RegExp])[] = [
  ...['close', 'connection', 'error', 'message', 'status', '__proto__', 'constructor', 'toString', '/other', ''].map(
    (topic) => [`the topic ${topic}`, json({ op: 'publish', topic, msg: {} }), /^topic /] as const,
  ),
  ['no topic', json({ op: 'publish', msg: {} }), /^topic nothing/],
  ['a topic that is a list', json({ op: 'publish', topic: ['/joint_states'], msg: {} }), /^topic a list/],
  ['a fragment', json({ op: 'fragment', id: 0, data: '{', num: 0, total: 4.54 }), /^op "fragment"/],
  ['a png', json({ op: 'png', data: 'iVBORw0KGgo=' }), /^op "png"/],
  ['another op', json({ op: 'call_service', service: '/x' }), /^op /],
  ['an op that is a number', json({ op: 1 }), /^op 1/],
  ['no op', '{}', /^op nothing/],
  ['an answer with the id of a topic', json({ op: 'service_response', id: '/joint_states', values: {} }), /^id /],
  ['an answer with the id of an event', json({ op: 'service_response', id: 'close', values: {} }), /^id "close"/],
  ['an answer without an id', json({ op: 'service_response', values: {} }), /^id nothing/],
  ['an answer with a number for an id', json({ op: 'service_response', id: 0, values: {} }), /^id 0/],
  ['no message', json({ op: 'publish', topic: '/joint_states' }), /^msg /],
  ['null for a message', json(publish(null)), /^msg /],
  ['a text for a message', json(publish('x')), /^msg /],
  ['a poisoned key', '{"op":"publish","topic":"/joint_states","msg":{"__proto__":{"polluted":1}}}', /__proto__/],
  ['a poisoned message', '{"op":"publish","topic":"/joint_states","msg":{},"__proto__":{"polluted":1}}', /__proto__/],
  ['a constructor', json(publish({ a: [{ constructor: { prototype: { polluted: 1 } } }] })), /constructor/],
  ['a poisoned key in CBOR', encode(publish(JSON.parse('{"__proto__":{"polluted":1}}'))), /__proto__/],
  ['deep nesting', `{"op":"publish","topic":"/joint_states","msg":${deep(40)}}`, /too deep/],
  ['bottomless nesting', `{"op":"publish","topic":"/joint_states","msg":${deep(60_000)}}`, /too deep|JSON/],
  ['unending nesting', '['.repeat(1 << 20), /too many values/],
  ['deep nesting in CBOR', new Uint8Array(1000).fill(0x81), /CBOR/],
  ['deep nesting of tags', new Uint8Array(1000).fill(0xc0), /CBOR/],
  ['very many values', json(publish(new Array(100_000).fill(0))), /too many values/],
  ['very many values in CBOR', new Uint8Array(8 << 20), /too many values/],
  ['a list of 2^64 values', Uint8Array.of(0x9b, 255, 255, 255, 255, 255, 255, 255, 255), /CBOR/],
  ['a map of 2^64 values', Uint8Array.of(0xbb, 255, 255, 255, 255, 255, 255, 255, 255), /CBOR/],
  ['a text of 2^64 letters', Uint8Array.of(0x7b, 255, 255, 255, 255, 255, 255, 255, 255), /CBOR/],
  ['4 GB of bytes', Uint8Array.of(0x5a, 255, 255, 255, 255, 0), /CBOR/],
  ['a stream without an end', Uint8Array.of(0xbf, 0x61, 0x61), /CBOR/],
  ['a lone break', Uint8Array.of(0xff), /CBOR/],
  ['something behind', new Uint8Array([...encode(publish({})), 0]), /CBOR/],
  ['keys that are no texts', encode(publish(new Map<unknown, unknown>([[1, 2]]))), /a map/],
  ['a set', encode(publish({ a: new Set([1]) })), /a tag 258/],
  ['a number that would take hours', encode(publish({ a: new Tag(2, new Uint8Array(8e6).fill(1)) })), /a tag 2/],
  ['a regular expression', encode(publish({ a: new Tag(35, '(a+)+$') })), /a tag 35/],
  ['JSON in CBOR', encode(publish(new Tag(262, '{"__proto__":{"polluted":1}}'))), /a tag 262/],
  ['a symbol', encode(publish({ a: new Tag(280, 'kept for ever') })), /a tag 280/],
  ['a list', '[]', /no object/],
  ['null', 'null', /no object/],
  ['nothing', '', /JSON/],
  ['no bytes', new Uint8Array(0), /CBOR/],
  ['half a message', json(publish({ name: ['a'] })).slice(0, -2), /JSON/],
];

test.each(hostile)('%s is refused', (_, data, refused) => {
  expect(read(data)).toEqual({ refused: expect.stringMatching(refused) });
});

test('counts values as a reader would, texts with anything in them included', () => {
  const texts = ['"', '\\', '\\"', ',[{:', 'é', '\u2028', '\\\\"'];
  for (const value of [
    texts,
    Object.fromEntries(texts.map((text) => [text, text])),
    [[], {}, [{}]],
    1,
    '',
    [1, [2, [3]]],
  ]) {
    const count = (part: unknown): number =>
      1 + (typeof part === 'object' ? Object.values(part as object).reduce((sum, inner) => sum + count(inner), 0) : 0);
    expect(holdsMore(json(value), 3 * count(value))).toBe(false);
    expect(holdsMore(encode(value), 2 * count(value))).toBe(false);
    if (count(value) > 4) expect(holdsMore(json(value), count(value) / 2 - 2)).toBe(true);
    if (count(value) > 4) expect(holdsMore(encode(value), count(value) - 1)).toBe(true);
  }
});

const WORDS = ['__proto__', 'constructor', 'close', 'connection', 'error', 'fragment', 'png', 'publish', 'op', 'topic'];
const SCRAPS = ['{', '}', '[', ']', '"', ',', ':', 'null', '1e999', '-0', '\\u0000', '\ud800', '/joint_states'];

function broken(data: string | Uint8Array, others: readonly (string | Uint8Array)[], random: Random) {
  const at = () => random.integer(data.length + 1);
  const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
  const other = others[random.integer(others.length)]!;
  const kind = random.integer(5);
  if (typeof data === 'string') {
    const scrap = random.integer(2) ? WORDS[random.integer(WORDS.length)]! : SCRAPS[random.integer(SCRAPS.length)]!;
    if (kind === 0) return data.slice(0, from);
    if (kind === 1) return data.slice(0, from) + scrap + data.slice(from);
    if (kind === 2) return data.slice(0, from) + data.slice(to);
    if (kind === 3) return data.slice(0, from) + String(other).slice(from);
    const words = data.match(/"[\w/]+"/g) ?? ['"'];
    return data.replace(words[random.integer(words.length)]!, `"${scrap}"`);
  }
  const bytes = Uint8Array.from(data);
  if (kind === 0) return bytes.subarray(0, from);
  if (kind === 1)
    return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from, to), ...bytes.subarray(from)]);
  if (kind === 2) return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)]);
  if (kind === 3 && typeof other !== 'string')
    bytes.set(other.subarray(from, data.length), Math.min(from, data.length));
  for (let i = 0; i <= random.integer(4); i++) bytes[random.integer(bytes.length)] = random.integer(256);
  return bytes;
}

test('60,000 broken messages: none throws, none passes that should not, nothing is changed', () => {
  const seeds = [...captured.map(({ data }) => data), ...hostile.map(([, data]) => data)].filter(
    ({ length }) => length > 0 && length < 5000,
  );
  const packed = captured.flatMap(({ data }) => (typeof data === 'string' ? [encode(JSON.parse(data))] : []));
  const random = seeded(12);
  const tally = { read: 0, passed: 0, refused: 0 };
  for (const kind of ['string', 'object']) {
    const own = [...seeds, ...packed].filter((data) => typeof data === kind);
    for (let i = 0; i < 30_000; i++) {
      const once = broken(own[random.integer(own.length)]!, own, random);
      const data = random.integer(3) ? once : broken(once, own, random);
      const got = read(data);
      tally.read++;
      if ('refused' in got) {
        expect(got.refused).toMatch(/^[^\n]{1,200}$/);
        tally.refused++;
        continue;
      }
      tally.passed++;
      const { op, topic, id, msg } = got.message;
      if (op === 'publish') {
        expect(ours).toContain(topic);
        expect(typeof msg).toBe('object');
      } else {
        expect(op).toBe('service_response');
        expect(id).toMatch(/^call_service:/);
      }
      expect(Object.getPrototypeOf(got.message)).toBe(Object.prototype);
    }
    expect(prototypes()).toEqual(before);
  }
  expect(tally.read).toBe(60_000);
  expect(tally.passed).toBeGreaterThan(500);
  expect(tally.refused).toBeGreaterThan(20_000);
});
