import { decode } from 'cbor2';
import { describe, expect, it } from 'vitest';
import { encoder } from '../../../sim/ros/encode.ts';
import { filled, type Message } from '../../../sim/ros/fill.ts';
import { decodeRaw } from '../../../src/drivers/ros/raw.ts';
import { parsed, recorded, shape } from './frames.ts';

const now1 = () => ({ secs: 1795455004, nsecs: 311003446 });
const options1 = { version: 1, now: now1 } as const;

/** A message of the real server, sent again by ours. */
function again(label: string, type: string, compression: 'none' | 'cbor') {
  const frame = parsed(recorded(label));
  const { data, ...rest } = frame.msg;
  const ready = (data as string | Uint8Array | undefined) === undefined ? rest : frame.msg;
  return encoder(1, now1)(frame.topic, type, filled(type, ready, options1), compression);
}

describe('what a ROS 1 server writes, ours writes too', () => {
  it('Image as JSON', () => {
    expect(JSON.parse(again('Image/none', 'sensor_msgs/Image', 'none') as string)).toEqual(
      parsed(recorded('Image/none')),
    );
  });

  it.each(['Image/cbor', 'Image16UC1/cbor'])('%s, byte for byte', (label) => {
    const theirs = Buffer.from(recorded(label) as Uint8Array);
    expect(Buffer.from(again(label, 'sensor_msgs/Image', 'cbor') as Uint8Array).equals(theirs)).toBe(true);
  });

  it('Image as cbor-raw, byte for byte', () => {
    const theirs = recorded('Image/cbor-raw') as Uint8Array;
    const { topic, msg } = parsed(theirs);
    const message = filled('sensor_msgs/Image', decodeRaw('sensor_msgs/Image', 1, msg), options1);
    const now = () => ({ secs: msg.secs, nsecs: msg.nsecs });
    const ours = encoder(1, now)(topic, 'sensor_msgs/Image', message, 'cbor-raw') as Uint8Array;
    expect(Buffer.from(ours).equals(Buffer.from(theirs))).toBe(true);
  });

  it('JointState, and NaN as null', () => {
    const label = 'JointState/none';
    expect(JSON.parse(again(label, 'sensor_msgs/JointState', 'none') as string)).toEqual(parsed(recorded(label)));
    const { topic, msg } = parsed(recorded('JointState/none with NaN'));
    const position = (msg.position as (number | null)[]).map((value) => value ?? Number.NaN);
    const message = filled('sensor_msgs/JointState', { ...msg, position }, options1);
    const ours = encoder(1, now1)(topic, 'sensor_msgs/JointState', message, 'none') as string;
    expect(JSON.parse(ours)).toEqual({ op: 'publish', topic, msg });
  });
});

describe('the forms of a message', () => {
  const options = { version: 2, now: () => ({ sec: 5, nanosec: 6 }) } as const;
  const send = (type: string, message: Message, compression: 'none' | 'cbor' | 'cbor-raw') =>
    encoder(2, options.now)('/t', type, filled(type, message, options), compression);

  it.each([
    ['Int8', Int8Array],
    ['Int16', Int16Array],
    ['UInt16', Uint16Array],
    ['Int32', Int32Array],
    ['UInt32', Uint32Array],
    ['Int64', BigInt64Array],
    ['UInt64', BigUint64Array],
    ['Float32', Float32Array],
    ['Float64', Float64Array],
  ])('%s lists are typed arrays in CBOR and lists in JSON', (name, kind) => {
    const type = `std_msgs/${name}MultiArray`;
    const cbor = parsed(send(type, { data: [1, 2, 100] }, 'cbor')).msg;
    expect(cbor.data).toBeInstanceOf(kind);
    expect(Array.from(cbor.data as ArrayLike<number | bigint>, Number)).toEqual([1, 2, 100]);
    expect(parsed(send(type, { data: [1, 2, 100] }, 'none')).msg.data).toEqual([1, 2, 100]);
  });

  it('nested messages keep their forms; ROS 2 headers have no seq', () => {
    const path = { poses: [{ pose: { position: { x: 1 } } }, {}] };
    const json = parsed(send('nav_msgs/Path', path, 'none')).msg;
    expect(shape(json)).toEqual(shape(parsed(send('nav_msgs/Path', path, 'cbor')).msg));
    expect(json.header).toEqual({ stamp: { sec: 0, nanosec: 0 }, frame_id: '' });
    expect((json.poses as unknown[]).length).toBe(2);
  });

  it('cbor-raw is CDR for ROS 2, stamped secs and nsecs as it passes', () => {
    const given = { width: 2, height: 1, encoding: 'rgb8', step: 6, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const { msg } = parsed(send('sensor_msgs/Image', given, 'cbor-raw'));
    expect(msg).toEqual({ secs: 5, nsecs: 6, bytes: expect.any(Uint8Array) });
    expect(decodeRaw('sensor_msgs/Image', 2, msg)).toMatchObject({ width: 2, step: 6, encoding: 'rgb8' });
  });

  it('are made once for all who are sent the same message', () => {
    const message = filled('std_msgs/Bool', { data: true }, options);
    const encode = encoder(2, options.now);
    const bytes = encode('/t', 'std_msgs/Bool', message, 'cbor');
    expect(encode('/t', 'std_msgs/Bool', message, 'cbor')).toBe(bytes);
    expect(decode(bytes as Uint8Array)).toEqual({ op: 'publish', topic: '/t', msg: { data: true } });
  });
});
