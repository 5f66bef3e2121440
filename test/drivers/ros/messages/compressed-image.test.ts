import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../src/data/image.ts';
import { readCompressedImage } from '../../../../src/drivers/ros/messages/compressed-image.ts';
import { BadMessage } from '../../../../src/errors.ts';
import { seeded } from '../../../../src/random.ts';
import { expectHardened } from '../hostile.ts';

const random = seeded(3);
const frame = { width: 5, height: 4, data: Uint8Array.from({ length: 60 }, () => random.integer(256)) };
const png = encodePng(frame);
const jpg = new Uint8Array(jpeg.encode({ width: 8, height: 8, data: Buffer.alloc(256, 120) }, 90).data);
const depthPng = encode({ width: 2, height: 2, channels: 1, depth: 16, data: Uint16Array.of(0, 100, 1000, 10_000) });
const withHeader = (a = 0, b = 0) => {
  const bytes = new Uint8Array(12 + depthPng.length);
  bytes.set(depthPng, 12);
  new DataView(bytes.buffer).setFloat32(4, a, true);
  new DataView(bytes.buffer).setFloat32(8, b, true);
  return bytes;
};
const reds = ({ data }: { data: Uint8Array }) => [...data].filter((_, i) => i % 3 === 0);

/** A PNG chunk; checksums are not what these tests are about. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  new DataView(bytes.buffer).setUint32(0, data.length);
  bytes.set(Buffer.from(type), 4);
  bytes.set(data, 8);
  return bytes;
}
const headOf = (width: number, height: number) => {
  const head = new Uint8Array(13);
  new DataView(head.buffer).setUint32(0, width);
  new DataView(head.buffer).setUint32(4, height);
  head.set([8, 2], 8);
  return chunk('IHDR', head);
};
const pngOf = (...chunks: Uint8Array[]) =>
  Buffer.concat([png.subarray(0, 8), ...chunks, chunk('IEND', new Uint8Array(0))]);

describe('a compressed image', () => {
  it.each(['png', 'rgb8; png compressed bgr8'])('in format %j is its PNG', (format) => {
    expect(readCompressedImage({ format, data: png })).toEqual(frame);
    expect(readCompressedImage({ format, data: Buffer.from(png).toString('base64') })).toEqual(frame);
  });

  it.each(['jpeg', 'rgb8; jpeg compressed bgr8', 'bgr8; jpeg compressed bgr8'])(
    'in format %j is its JPEG',
    (format) => {
      const { width, height, data } = readCompressedImage({ format, data: jpg });
      expect([width, height]).toEqual([8, 8]);
      expect(data.every((value) => Math.abs(value - 120) < 4)).toBe(true);
    },
  );

  it('of depth has a header before its PNG of millimetres', () => {
    const read = (format: string, data: Uint8Array) =>
      reds(readCompressedImage({ format, data }, { depth: { nearM: 0.1, farM: 1.9 } }));
    expect(read('16UC1; compressedDepth', withHeader())).toEqual([0, 255, 128, 0]);
    expect(read('16UC1; compressedDepth png', withHeader())).toEqual([0, 255, 128, 0]);
    expect(read('16UC1; png compressed', depthPng)).toEqual([0, 255, 128, 0]);
    // 100 / (raw - 0) metres: unknown, 1 m, 0.1 m, 0.01 m
    expect(read('32FC1; compressedDepth', withHeader(100))).toEqual([0, 128, 255, 255]);
  });

  it.each([
    ['nothing', { format: 'jpeg', data: new Uint8Array(0) }, /data must be a picture \("jpeg"\), got a bad one/],
    ['no format', { data: png }, /format must be a text/],
    ['another codec', { format: 'h264', data: Uint8Array.of(0, 0, 0, 1) }, /"h264"/],
    [
      'colour as depth',
      { format: '16UC1; compressedDepth', data: Buffer.concat([Buffer.alloc(12), png]) },
      /grey of 16 bit, got 3 channels of 8/,
    ],
    ['depth without its header', { format: '16UC1; compressedDepth', data: depthPng }, /12 bytes and a PNG/],
    ['a huge claim', { format: 'png', data: pngOf(headOf(65_535, 65_535)) }, /pixels, got 65535x65535/],
    ['two headers', { format: 'png', data: pngOf(headOf(2, 2), headOf(60_000, 60_000)) }, /only header/],
    [
      'a bomb',
      { format: 'png', data: pngOf(headOf(2, 2), chunk('IDAT', deflateSync(Buffer.alloc(50_000_000)))) },
      /at most 14 bytes, got more/,
    ],
    [
      'too little',
      { format: 'png', data: pngOf(headOf(20, 20), chunk('IDAT', deflateSync(Buffer.alloc(100)))) },
      /must hold 1220 bytes of pixels, got 100/,
    ],
  ])('of %s is refused', (_, message, why) => {
    expect(() => readCompressedImage(message)).toThrow(
      expect.objectContaining({ name: 'BadMessage', message: expect.stringMatching(why) }),
    );
  });

  it('loses what its pixels do not need, such as a profile that is a bomb', () => {
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(50_000_000))]));
    const data = Buffer.concat([png.subarray(0, 33), profile, png.subarray(33)]);
    expect(readCompressedImage({ format: 'png', data })).toEqual(frame);
  });

  it('survives every damage to its bytes', () => {
    const kinds = [
      { format: 'png', data: png },
      { format: 'jpeg', data: jpg },
      { format: '16UC1; compressedDepth', data: withHeader() },
    ];
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...kinds), damage, fc.nat(), ({ format, data }, changes, cut) => {
        const bytes = data.slice(0, cut % 2 === 0 ? data.length : cut % data.length);
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        try {
          const { width, height, data: rgb } = readCompressedImage({ format, data: bytes });
          expect(rgb.length).toBe(3 * width * height);
        } catch (error) {
          expect(error).toBeInstanceOf(BadMessage);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('survives everything else', () => {
    const valid = [
      { format: 'png', data: png },
      { format: 'jpeg', data: Buffer.from(jpg).toString('base64') },
      { format: '16UC1; compressedDepth', data: withHeader() },
    ];
    expectHardened(readCompressedImage, valid, ({ width, height, data }) =>
      expect(data.length).toBe(3 * width * height),
    );
  });
});
