import { decode, encode } from 'fast-png';
import jpeg from 'jpeg-js';
import type { Frame } from '../drivers/driver.ts';
import { BadPicture } from '../errors.ts';

/** Larger pictures are refused before they are decoded, pixels. */
const MAX_PIXELS = 4_000_000;

type Size = { readonly width: number; readonly height: number };

/** A PNG or JPEG as RGB bytes; transparency is dropped. Throws `BadPicture` when it is neither, damaged, or of another size. */
export function decodePicture(bytes: Uint8Array, expected?: Size): Frame {
  const kind = kindOf(bytes);
  if (!kind) throw new BadPicture(`the picture must be a PNG or a JPEG, got ${describe(bytes)}`);
  const size = kind === 'PNG' ? pngSize(bytes) : jpegSize(bytes);
  if (!size) throw new BadPicture(`the ${kind} is damaged: it has no readable header`);
  if (size.width === 0 || size.height === 0 || size.width * size.height > MAX_PIXELS) {
    throw new BadPicture(`the ${kind} must have at most ${MAX_PIXELS} pixels, got ${size.width}x${size.height}`);
  }
  if (expected && (size.width !== expected.width || size.height !== expected.height)) {
    throw new BadPicture(
      `the picture must be ${expected.width}x${expected.height} pixels, got a ${kind} of ${size.width}x${size.height}`,
      { hint: 'scale it, or take it with the camera the model was trained with' },
    );
  }
  try {
    return kind === 'PNG' ? decodePng(bytes) : decodeJpeg(bytes);
  } catch (cause) {
    throw new BadPicture(`the ${kind} is damaged: it cannot be decoded`, { cause });
  }
}

/** A frame as a PNG file's bytes. */
export const encodePng = ({ width, height, data }: Frame): Uint8Array =>
  encode({ width, height, data, channels: 3, depth: 8 });

function decodePng(bytes: Uint8Array): Frame {
  const { width, height, data, depth, channels, palette } = decode(bytes, { checkCrc: true });
  const rgb = new Uint8Array(width * height * 3);
  const most = 2 ** depth - 1;
  const packed = depth < 8;
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const sample = (pixel: number, channel: number): number => {
    if (!packed) return data[pixel * channels + channel]!;
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    const bit = column * depth;
    return (data[row * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & most;
  };
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) {
      const value = sample(pixel, channels >= 3 ? c : 0);
      rgb[3 * pixel + c] = palette ? palette[value]![c]! : Math.round((value * 255) / most);
    }
  }
  return { width, height, data: rgb };
}

function decodeJpeg(bytes: Uint8Array): Frame {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_PIXELS / 1e6,
    maxMemoryUsageInMB: 256,
  });
  return { width, height, data };
}

function kindOf(bytes: Uint8Array): 'PNG' | 'JPEG' | undefined {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'PNG';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'JPEG';
  return undefined;
}

/** What a file that is no picture seems to be. */
function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  if (startsWith(bytes, [0x47, 0x49, 0x46, 0x38])) return 'a GIF';
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46])) return 'a WebP or another RIFF file';
  if (startsWith(bytes, [0x42, 0x4d])) return 'a BMP';
  const head = bytes.subarray(0, 64);
  const isText = head.every((byte) => (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13);
  return isText ? 'a text file' : 'something else';
}

const startsWith = (bytes: Uint8Array, head: readonly number[]): boolean => head.every((byte, i) => bytes[i] === byte);

function pngSize(bytes: Uint8Array): Size | undefined {
  if (bytes.length < 24) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** From the first start-of-frame segment. */
function jpegSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}
