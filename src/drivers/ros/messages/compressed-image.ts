import { decode } from 'fast-png';
import { decodePicture } from '../../../data/image.ts';
import { BadMessage } from '../../../errors.ts';
import type { Frame } from '../../driver.ts';
import { bytesOf, field, fieldsOf, show, textOf } from '../check.ts';
import { isPng, plainPng } from '../png.ts';
import { type DepthRange, greyOfDepth } from './depth.ts';

/** Before the PNG of a compressedDepth message: an enumeration and two float32 of how 32FC1 was quantised. */
const DEPTH_HEADER_BYTES = 12;

/**
 * A `sensor_msgs/CompressedImage` as RGB. `format` is `jpeg`, `png`, or `rgb8; jpeg compressed bgr8` and its like (the
 * bytes say which it is), or `16UC1; compressedDepth`: depth as grey, 255 near to 0 far. Throws `BadMessage`.
 */
export function readCompressedImage(message: unknown, { depth }: { readonly depth?: DepthRange } = {}): Frame {
  const fields = fieldsOf(message, 'the CompressedImage');
  const format = textOf(field(fields, 'format'), 'format');
  const data = bytesOf(field(fields, 'data'), 'data');
  const shade = greyOfDepth(depth);
  if (/compressedDepth/.test(format)) return depthOf(data, format, shade);
  const safe = isPng(data) ? plainPng(data) : data;
  if (/^16UC1/.test(format) && isPng(safe)) return greyPng(safe, (value) => shade(value / 1e3));
  try {
    return decodePicture(safe);
  } catch (cause) {
    throw new BadMessage(`data must be a picture (${show(format)}), got a bad one: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function depthOf(data: Uint8Array, format: string, shade: (metres: number) => number): Frame {
  const png = data.subarray(DEPTH_HEADER_BYTES);
  if (!isPng(png)) {
    throw new BadMessage(`data must be ${DEPTH_HEADER_BYTES} bytes and a PNG (${show(format)}), got something else`);
  }
  if (!/^32FC1/.test(format)) return greyPng(plainPng(png), (value) => shade(value / 1e3));
  const view = new DataView(data.buffer, data.byteOffset, DEPTH_HEADER_BYTES);
  const [a, b] = [view.getFloat32(4, true), view.getFloat32(8, true)];
  return greyPng(plainPng(png), (value) => (value === 0 ? 0 : shade(a / (value - b))));
}

/** The grey PNG of 16 bit, each value through a function. */
function greyPng(png: Uint8Array, shade: (value: number) => number): Frame {
  const { width, height, data, channels, depth } = decoded(png);
  if (channels !== 1 || depth !== 16) {
    throw new BadMessage(`the depth PNG must be grey of 16 bit, got ${channels} channels of ${depth}`);
  }
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = shade(data[i]!);
  return { width, height, data: rgb };
}

function decoded(png: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(png, { checkCrc: true });
  } catch (cause) {
    throw new BadMessage('the depth PNG must be whole, got a damaged one', { cause });
  }
}
