import { inflateSync } from 'node:zlib';
import { BadMessage } from '../../errors.ts';
import { MAX_PIXELS } from './check.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples a pixel of each colour type has. */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

type Chunk = { readonly type: string; readonly whole: Uint8Array; readonly data: Uint8Array };

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/**
 * The same PNG with nothing but what its pixels need, safe to decode: one header, at most 4 Mpx, and as much data as the
 * header promises, however small it was packed. Profiles and texts, which may hide as much again, are left out. Throws
 * `BadMessage`.
 */
export function plainPng(png: Uint8Array): Uint8Array {
  const chunks = chunksOf(png);
  const [head, ...others] = chunks;
  if (head?.type !== 'IHDR' || head.data.length !== 13 || others.some(({ type }) => type === 'IHDR')) {
    throw new BadMessage('the PNG must begin with its only header, got something else');
  }
  const view = viewOf(head.data);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width === 0 || height === 0 || width * height > MAX_PIXELS) {
    throw new BadMessage(`the PNG must have 1 to ${MAX_PIXELS} pixels, got ${width}x${height}`);
  }
  const rowBytes = Math.ceil((width * view.getUint8(8) * (channels[view.getUint8(9)] ?? 4)) / 8);
  const interlaced = view.getUint8(12) !== 0;
  const promised = (rowBytes + 1) * height;
  // an interlaced picture has up to twice as many rows, each with a filter byte and rounded up to one
  const most = promised + (interlaced ? 4 * height + 4 * width + 64 : 0);
  const unpacked = unpackedBytes(
    chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data),
    most,
  );
  if (unpacked < promised - (interlaced ? height : 0)) {
    throw new BadMessage(`the PNG must hold ${promised} bytes of pixels, got ${unpacked}`);
  }
  const kept = chunks.filter(({ type }) => /^(IHDR|PLTE|IDAT|IEND)$/.test(type)).map(({ whole }) => whole);
  return Buffer.concat([Uint8Array.from(SIGNATURE), ...kept]);
}

function chunksOf(png: Uint8Array): Chunk[] {
  if (!isPng(png)) throw new BadMessage(`the PNG must begin with its signature, got ${png.length} bytes that do not`);
  const view = viewOf(png);
  const chunks: Chunk[] = [];
  for (let at = 8; ; ) {
    const length = at + 12 <= png.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at + 12 + length > png.length) throw new BadMessage(`the PNG must end with IEND, got only ${png.length} bytes`);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ type, whole: png.subarray(at, at + 12 + length), data: png.subarray(at + 8, at + 8 + length) });
    if (type === 'IEND') return chunks;
    at += 12 + length;
  }
}

function unpackedBytes(packed: readonly Uint8Array[], most: number): number {
  try {
    return inflateSync(Buffer.concat(packed), { maxOutputLength: most }).length;
  } catch (cause) {
    const tooMuch = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new BadMessage(`the PNG must unpack to at most ${most} bytes, got ${tooMuch ? 'more' : 'damaged data'}`, {
      cause,
    });
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
