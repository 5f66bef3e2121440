import fc from 'fast-check';
import { encode, type PngDataArray } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodePicture, encodePng } from '../../src/data/image.ts';
import type { Frame } from '../../src/drivers/driver.ts';
import { seeded } from '../../src/random.ts';

function noisy(width: number, height: number, seed = 1): Frame {
  const random = seeded(seed);
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)) };
}
/** Soft enough for JPEG. */
function smooth(width: number, height: number): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set([(i % width) * 3, Math.floor(i / width) * 3, 100], 3 * i);
  return { width, height, data };
}
function asJpeg({ width, height, data }: Frame): Uint8Array {
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return jpeg.encode({ width, height, data: rgba }, 95).data;
}
const bad = (message: RegExp) =>
  expect.objectContaining({ name: 'BadPicture', exitCode: 1, message: expect.stringMatching(message) });

describe('pictures', () => {
  it('come back from PNG exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (width, height, seed) => {
        const frame = noisy(width, height, seed);
        expect(decodePicture(encodePng(frame), { width, height })).toEqual(frame);
      }),
      { numRuns: 40 },
    );
  });

  it('come back from JPEG nearly', () => {
    const frame = smooth(48, 32);
    const { width, height, data } = decodePicture(asJpeg(frame));
    expect([width, height, data.length]).toEqual([48, 32, 48 * 32 * 3]);
    const error = data.reduce((sum, value, i) => sum + Math.abs(value - frame.data[i]!), 0) / data.length;
    expect(error).toBeLessThan(4);
  });

  const kinds: [string, number, PngDataArray, 8 | 16][] = [
    ['grey', 1, Uint8Array.of(0, 128, 255, 7), 8],
    ['grey with transparency', 2, Uint8Array.of(0, 9, 128, 9, 255, 9, 7, 9), 8],
    ['16-bit grey', 1, Uint16Array.of(0, 128 * 257, 65535, 7 * 257), 16],
  ];
  it.each(kinds)('in %s become RGB', (_, channels, data, depth) => {
    const decoded = decodePicture(encode({ width: 2, height: 2, data, channels, depth }));
    expect([...decoded.data]).toEqual([0, 128, 255, 7].flatMap((value) => [value, value, value]));
  });

  it('with transparency lose it', () => {
    const data = Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 255);
    expect([...decodePicture(encode({ width: 2, height: 1, data, channels: 4 })).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of 1 bit or with a palette become RGB', () => {
    const bits = encode({
      width: 10,
      height: 2,
      data: Uint8Array.of(0b10100000, 0b01000000, 0xff, 0xff),
      channels: 1,
      depth: 1,
    });
    const decoded = decodePicture(bits).data.filter((_, i) => i % 3 === 0);
    expect([...decoded]).toEqual([255, 0, 255, 0, 0, 0, 0, 0, 0, 255, ...Array(10).fill(255)]);
  });
});

describe('a bad picture', () => {
  it.each([
    [/got an empty file/, new Uint8Array()],
    [/must be a PNG or a JPEG, got a text file/, Buffer.from('{"json": true}\n')],
    [/got a GIF/, Buffer.from('GIF89a...')],
    [/got a WebP/, Buffer.from('RIFF....WEBP')],
    [/got something else/, Uint8Array.of(0, 1, 2, 3)],
  ])('is named: %s', (message, bytes) => {
    expect(() => decodePicture(bytes)).toThrow(bad(message));
  });

  it('has another size than expected', () => {
    const expected = { width: 64, height: 64 };
    expect(() => decodePicture(encodePng(noisy(32, 64)), expected)).toThrow(
      bad(/must be 64x64 pixels, got a PNG of 32x64/),
    );
    expect(() => decodePicture(asJpeg(smooth(64, 32)), expected)).toThrow(bad(/got a JPEG of 64x32/));
  });

  it('is too large: refused by its header', () => {
    const png = Buffer.from(encodePng(noisy(2, 2)));
    png.writeUInt32BE(100_000, 16);
    png.writeUInt32BE(100_000, 20);
    expect(() => decodePicture(png)).toThrow(bad(/at most 4000000 pixels, got 100000x100000/));
    png.writeUInt32BE(0, 16);
    expect(() => decodePicture(png)).toThrow(bad(/got 0x100000/));
  });

  it('is cut off anywhere', () => {
    const png = encodePng(noisy(20, 20));
    for (let cut = 8; cut < png.length - 12; cut += 37) {
      expect(() => decodePicture(png.subarray(0, cut))).toThrow(bad(/the PNG is damaged/));
    }
    const jpg = asJpeg(smooth(32, 32));
    for (let cut = 4; cut < jpg.length / 2; cut += 37) {
      expect(() => decodePicture(jpg.subarray(0, cut))).toThrow(bad(/the JPEG is damaged/));
    }
  });

  it('has a flipped bit', () => {
    const png = encodePng(noisy(20, 20));
    for (let at = 16; at < png.length - 12; at += 53) {
      const flipped = png.slice();
      flipped[at]! ^= 4;
      expect(() => decodePicture(flipped)).toThrow(bad(/./));
    }
  });

  it('never gets out as another error', () => {
    const pictures = [encodePng(noisy(9, 9)), asJpeg(smooth(16, 16))];
    fc.assert(
      fc.property(fc.constantFrom(...pictures), fc.nat(), fc.integer({ min: 1, max: 255 }), (picture, at, change) => {
        const spoilt = picture.slice();
        spoilt[at % spoilt.length]! ^= change;
        try {
          decodePicture(spoilt);
        } catch (error) {
          expect(error).toEqual(bad(/./));
        }
      }),
      { numRuns: 400, seed: 1 },
    );
  });
});
