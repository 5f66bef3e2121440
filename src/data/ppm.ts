import type { Frame } from '../drivers/driver.ts';

/** Whitespace and numbers before the bytes of a PPM are never more than this. */
const HEADER_LIMIT = 64;

/** Cuts a stream of binary PPM pictures (as ffmpeg writes them one after the other) into frames. Throws `RangeError` when it is none. */
export async function* ppmFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let waiting = 0;
  let needed = 1;
  for await (const part of stream) {
    parts.push(part);
    waiting += part.length;
    if (rest.length + waiting < needed) continue;
    rest = Buffer.concat([rest, ...parts.splice(0)]);
    waiting = 0;
    for (;;) {
      const header = headerOf(rest);
      needed = header ? header.end : rest.length + 1;
      if (!header || rest.length < header.end) break;
      const { width, height, start, end } = header;
      yield { width, height, data: new Uint8Array(rest.subarray(start, end)) };
      rest = rest.subarray(end);
    }
  }
  if (rest.length + waiting > 0) throw new RangeError('a picture must be whole, got a part of one');
}

function headerOf(bytes: Buffer) {
  const text = bytes.toString('latin1', 0, HEADER_LIMIT);
  const match = /^P6\s(\d+)\s(\d+)\s255\s/.exec(text);
  if (match) {
    const [width, height, start] = [Number(match[1]), Number(match[2]), match[0].length];
    return { width, height, start, end: start + 3 * width * height };
  }
  if (bytes.length < HEADER_LIMIT) return undefined;
  throw new RangeError('a picture must be a PPM, got something else');
}
