import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../src/drivers/driver.ts';
import { readImage } from '../../../../src/drivers/ros/messages/image.ts';
import { captured } from '../frames.ts';
import { expectHardened } from '../hostile.ts';

type Parts = {
  width: number;
  height: number;
  encoding: string;
  step: number;
  data: Uint8Array | string;
  is_bigendian?: number;
};
const image = (parts: Parts) => ({ is_bigendian: 0, ...parts });
const pixels = (frame: Frame) =>
  Array.from({ length: frame.width * frame.height }, (_, i) => [...frame.data.subarray(3 * i, 3 * i + 3)]);
const greys = (frame: Frame) =>
  pixels(frame).map(([r, g, b]) => {
    expect([g, b]).toEqual([r, r]);
    return r;
  });
const frameIsSound = ({ width, height, data }: Frame) => expect(data.length).toBe(3 * width * height);

describe('an image of a real server', () => {
  it('is the same as JSON and as CBOR, but for what moved', () => {
    const [json, cbor] = [readImage(captured('Image/none')), readImage(captured('Image/cbor'))];
    for (const frame of [json, cbor]) {
      expect([frame.width, frame.height, frame.data.length]).toEqual([8, 6, 144]);
      expect(
        pixels(frame)
          .slice(0, 8)
          .map(([r]) => r),
      ).toEqual([0, 36, 72, 109, 145, 182, 218, 255]);
    }
  });

  it('of depth is grey: 1.002 m of 0.1 to 10', () => {
    const frame = readImage(captured('Image16UC1/cbor'));
    expect(new Set(greys(frame))).toEqual(new Set([Math.round((255 * (10 - 1.002)) / 9.9)]));
  });
});

describe('an image', () => {
  it.each([
    ['rgb8', [1, 2, 3, 4, 5, 6]],
    ['bgr8', [3, 2, 1, 6, 5, 4]],
    ['rgba8', [1, 2, 3, 9, 4, 5, 6, 9]],
    ['bgra8', [3, 2, 1, 9, 6, 5, 4, 9]],
  ])('of %s is RGB, row by row, whatever pads them', (encoding, bytes) => {
    const size = bytes.length / 2;
    for (const [width, height] of [
      [2, 1],
      [1, 2],
    ] as const) {
      for (const pad of [0, 5]) {
        const step = size * width + pad;
        const data = new Uint8Array(step * height).fill(77);
        for (let y = 0; y < height; y++) data.set(bytes.slice(y * size * width, (y + 1) * size * width), y * step);
        for (const form of [data, Buffer.from(data).toString('base64')]) {
          const frame = readImage(image({ width, height, encoding, step, data: form }));
          expect(pixels(frame)).toEqual([
            [1, 2, 3],
            [4, 5, 6],
          ]);
        }
      }
    }
  });

  it('may lack the padding of its last row', () => {
    const frame = readImage(
      image({ width: 1, height: 2, encoding: 'mono8', step: 4, data: Uint8Array.of(5, 0, 0, 0, 6) }),
    );
    expect(greys(frame)).toEqual([5, 6]);
  });

  it('of 16 bits is read from either end', () => {
    const one = (encoding: string, is_bigendian: number, data: number[]) =>
      greys(
        readImage(image({ width: 2, height: 1, encoding, step: 4, is_bigendian, data: Uint8Array.from(data) }), {
          depth: { nearM: 0, farM: 2 },
        }),
      );
    expect(one('mono16', 0, [0x00, 0x80, 0xff, 0xff])).toEqual([128, 255]);
    expect(one('mono16', 1, [0x80, 0x00, 0xff, 0xff])).toEqual([128, 255]);
    expect(one('16UC1', 0, [0xe8, 0x03, 0, 0])).toEqual([128, 0]); // 1,000 mm; unknown
    expect(one('16UC1', 1, [0x03, 0xe8, 0, 0])).toEqual([128, 0]);
  });

  it('of metres is grey, and unknown is 0', () => {
    const metres = [0.05, 0.1, 10, 11, Number.NaN, Number.POSITIVE_INFINITY, 0, -1];
    const data = new Uint8Array(new Float32Array(metres).buffer);
    const frame = readImage(image({ width: 8, height: 1, encoding: '32FC1', step: 32, data }));
    expect(greys(frame)).toEqual([255, 255, 0, 0, 0, 0, 0, 0]);
  });

  it.each(['rggb', 'bggr', 'gbrg', 'grbg'])('through a %s filter has the colours it was taken of', (pattern) => {
    const colour = { r: 200, g: 100, b: 50 };
    const data = Uint8Array.from({ length: 5 * 4 }, (_, i) => {
      const [x, y] = [i % 5, Math.floor(i / 5)];
      return colour[pattern[2 * (y % 2) + (x % 2)] as 'r'];
    });
    const frame = readImage(image({ width: 5, height: 4, encoding: `bayer_${pattern}8`, step: 5, data }));
    expect(pixels(frame)).toEqual(Array.from({ length: 20 }, () => [200, 100, 50]));
  });

  it('keeps what a filtered pixel saw and takes the mean of the rest', () => {
    const data = Uint8Array.of(10, 20, 30, 40);
    const frame = readImage(image({ width: 2, height: 2, encoding: 'bayer_rggb8', step: 2, data }));
    expect(pixels(frame)).toEqual([
      [10, 25, 40],
      [10, 20, 40],
      [10, 30, 40],
      [10, 25, 40],
    ]);
  });

  it.each([
    [{ encoding: 'yuv422' }, /encoding must be one of rgb8, .*, got "yuv422"/],
    [{ width: 70_000, height: 70_000 }, /at most 4000000 pixels, got 70000x70000/],
    [{ width: 0 }, /width must be a whole number/],
    [{ step: 5 }, /step must be a whole number from 6/],
    [{ data: new Uint8Array(11) }, /data must be 12 bytes for 2 rows of 6, got 11/],
    [{ data: '!!!!' }, /data must be base64/],
    [{ data: undefined }, /data must be bytes, got nothing/],
    [{ is_bigendian: 2 }, undefined],
    [{ encoding: 'mono16', is_bigendian: 2 }, /is_bigendian must be 0 or 1, got 2/],
  ])('with %j is refused, saying why', (wrong, why) => {
    const valid = image({ width: 2, height: 2, encoding: 'rgb8', step: 6, data: new Uint8Array(12) });
    if (why === undefined) readImage({ ...valid, ...wrong });
    else
      expect(() => readImage({ ...valid, ...wrong })).toThrow(
        expect.objectContaining({ name: 'BadMessage', message: expect.stringMatching(why) }),
      );
  });

  it('survives everything', () => {
    const float = { ...image({ width: 2, height: 2, encoding: '32FC1', step: 8, data: new Uint8Array(16) }) };
    const filtered = { ...float, encoding: 'bayer_rggb8' };
    expectHardened(
      readImage,
      [captured('Image/none'), captured('Image/cbor'), captured('Image16UC1/cbor'), float, filtered],
      frameIsSound,
    );
  });

  it('needs a depth range that is one', () => {
    expect(() => readImage(captured('Image16UC1/cbor'), { depth: { nearM: 2, farM: 1 } })).toThrow(RangeError);
  });
});
