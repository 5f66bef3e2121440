import { BadMessage } from '../../errors.ts';

/** One message: what it says, and raw bytes (the picture) after it. */
export type Message = { readonly head: Readonly<Record<string, unknown>>; readonly body: Uint8Array };

const MAX_HEAD = 65_536;
const MAX_BODY = 64 * 1024 * 1024;

/** Two lengths (uint32, big-endian: JSON, bytes), the JSON, the bytes. */
export function encode(head: Message['head'], body: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(body.length, 4);
  return Buffer.concat([lengths, text, body]);
}

/** Cuts a stream of bytes into messages. Throws `BadMessage` for lengths over the limits and for what is no JSON object. */
export function decoder(): (chunk: Uint8Array) => Message[] {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let needed = 8;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return [];
    let bytes = Buffer.concat(chunks);
    const messages: Message[] = [];
    for (needed = 8; bytes.length >= 8; needed = 8) {
      const [head, body] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
      if (head > MAX_HEAD) throw new BadMessage(`a message's JSON must be at most ${MAX_HEAD} bytes, got ${head}`);
      if (body > MAX_BODY) throw new BadMessage(`a message's picture must be at most ${MAX_BODY} bytes, got ${body}`);
      needed = 8 + head + body;
      if (bytes.length < needed) break;
      messages.push({ head: parse(bytes.subarray(8, 8 + head)), body: bytes.subarray(8 + head, needed) });
      bytes = bytes.subarray(needed);
    }
    chunks = [bytes];
    held = bytes.length;
    return messages;
  };
}

function parse(bytes: Buffer): Message['head'] {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new BadMessage('a message must begin with JSON, got something else', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadMessage('a message must be a JSON object, got another value');
  return value as Message['head'];
}
