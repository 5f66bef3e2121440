import { BadMessage } from '../../../errors.ts';
import type { Frame } from '../../driver.ts';
import { bad, bytesOf, type Fields, field, fieldsOf, integerOf, MAX_PIXELS, show, textOf } from '../check.ts';
import { demosaic, isPattern } from './bayer.ts';
import { type DepthRange, greyOfDepth } from './depth.ts';

/** What one picture's bytes are read with: `[height]` rows of `step` bytes, the last of which may end early. */
type Raster = { readonly width: number; readonly height: number; readonly step: number; readonly data: Uint8Array };

/** Where red, green and blue are in a pixel of so many bytes. */
const orders: Readonly<Record<string, readonly [size: number, red: number, green: number, blue: number]>> = {
  rgb8: [3, 0, 1, 2],
  bgr8: [3, 2, 1, 0],
  rgba8: [4, 0, 1, 2],
  bgra8: [4, 2, 1, 0],
  mono8: [1, 0, 0, 0],
};
/** Bytes of one sample of the encodings that are read as numbers. */
const samples: Readonly<Record<string, number>> = { mono16: 2, '16UC1': 2, '32FC1': 4 };
const bayer = /^bayer_([rgb]{4})8$/;

/**
 * A `sensor_msgs/Image` as RGB: colour and grey as they are, depth (16UC1 in mm, 32FC1 in m) as grey, 255 near to 0 far;
 * unknown depth is 0. Throws `BadMessage`.
 */
export function readImage(message: unknown, { depth }: { readonly depth?: DepthRange } = {}): Frame {
  const fields = fieldsOf(message, 'the Image');
  const encoding = textOf(field(fields, 'encoding'), 'encoding');
  const order = Object.hasOwn(orders, encoding) ? orders[encoding] : undefined;
  if (order !== undefined) return coloured(rasterOf(fields, order[0]), order);

  const pattern = bayer.exec(encoding)?.[1];
  if (pattern !== undefined && isPattern(pattern)) {
    const raster = rasterOf(fields, 1);
    return demosaic(raster, (x, y) => raster.data[y * raster.step + x]!, pattern);
  }

  const size = Object.hasOwn(samples, encoding) ? samples[encoding] : undefined;
  if (size === undefined) {
    const known = [...Object.keys(orders), ...Object.keys(samples), 'bayer_{rggb,bggr,gbrg,grbg}8'];
    throw new BadMessage(`encoding must be one of ${known.join(', ')}, got ${show(encoding)}`);
  }
  const raster = rasterOf(fields, size);
  const sample = sampleOf(raster, encoding, !isBigEndian(fields));
  if (encoding === 'mono16') return grey(raster, (x, y) => Math.round(sample(x, y) / 257));
  const shade = greyOfDepth(depth);
  const metres = encoding === '16UC1' ? 1e-3 : 1;
  return grey(raster, (x, y) => shade(sample(x, y) * metres));
}

/** The picture's bytes, once there are as many as its size says. */
function rasterOf(fields: Fields, pixelBytes: number): Raster {
  const width = integerOf(field(fields, 'width'), 'width', 1, MAX_PIXELS);
  const height = integerOf(field(fields, 'height'), 'height', 1, MAX_PIXELS);
  if (width * height > MAX_PIXELS) {
    throw new BadMessage(`the Image must have at most ${MAX_PIXELS} pixels, got ${width}x${height}`);
  }
  const step = integerOf(field(fields, 'step'), 'step', width * pixelBytes, 2 ** 32 - 1);
  const data = bytesOf(field(fields, 'data'), 'data');
  const least = step * (height - 1) + width * pixelBytes;
  if (data.length < least) {
    throw new BadMessage(`data must be ${step * height} bytes for ${height} rows of ${step}, got ${data.length}`);
  }
  return { width, height, step, data };
}

function isBigEndian(fields: Fields): boolean {
  const value = field(fields, 'is_bigendian');
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  throw bad('is_bigendian', '0 or 1', value);
}

function sampleOf({ data, step }: Raster, encoding: string, little: boolean): (x: number, y: number) => number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return encoding === '32FC1'
    ? (x, y) => view.getFloat32(y * step + 4 * x, little)
    : (x, y) => view.getUint16(y * step + 2 * x, little);
}

function coloured({ width, height, step, data }: Raster, [size, r, g, b]: readonly [number, number, number, number]) {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = y * step; x < width; x++, from += size, to += 3) {
      rgb[to] = data[from + r]!;
      rgb[to + 1] = data[from + g]!;
      rgb[to + 2] = data[from + b]!;
    }
  }
  return { width, height, data: rgb };
}

function grey({ width, height }: Raster, at: (x: number, y: number) => number): Frame {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) data[to] = data[to + 1] = data[to + 2] = at(x, y);
  }
  return { width, height, data };
}
