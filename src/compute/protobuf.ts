/** Writes protobuf messages, as much of the format as ONNX and event files need. */
const utf8 = new TextEncoder();

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** A message in the making; every method appends one field. */
export interface Message {
  int(field: number, value: number): Message;
  float(field: number, value: number): Message;
  double(field: number, value: number): Message;
  bytes(field: number, value: Uint8Array): Message;
  string(field: number, value: string): Message;
  message(field: number, value: Message): Message;
  finish(): Uint8Array;
}

export function message(): Message {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const push = (chunk: Uint8Array) => {
    chunks.push(chunk);
    length += chunk.length;
  };
  const key = (field: number, wireType: number) => push(varint((field << 3) | wireType));

  const self: Message = {
    int(field, value) {
      key(field, VARINT);
      push(varint(value));
      return self;
    },
    float(field, value) {
      key(field, FIXED32);
      push(new Uint8Array(Float32Array.of(value).buffer));
      return self;
    },
    double(field, value) {
      key(field, FIXED64);
      push(new Uint8Array(Float64Array.of(value).buffer));
      return self;
    },
    bytes(field, value) {
      key(field, LENGTH_DELIMITED);
      push(varint(value.length));
      push(value);
      return self;
    },
    string: (field, value) => self.bytes(field, utf8.encode(value)),
    message: (field, value) => self.bytes(field, value.finish()),
    finish() {
      const all = new Uint8Array(length);
      let offset = 0;
      for (const chunk of chunks) {
        all.set(chunk, offset);
        offset += chunk.length;
      }
      return all;
    },
  };
  return self;
}

/** Base-128 of an integer; negative ones as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  if (value >= 0 && value < 2 ** 31) {
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
    bytes.push(value);
    return Uint8Array.from(bytes);
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
