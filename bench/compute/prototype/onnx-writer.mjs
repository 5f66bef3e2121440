// The first prototype of the tracer, kept as it was measured: the baseline that `src/compute` is compared with.
// Not used by the product.
// A minimal ONNX writer: a graph builder and hand-rolled protobuf, without dependencies.
// Field numbers are those of onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto ...).

const utf8 = new TextEncoder();

/** Wire types of protobuf. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** ONNX element types and attribute types that are used here. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

class Message {
  constructor() {
    this.chunks = [];
    this.length = 0;
  }

  push(bytes) {
    this.chunks.push(bytes);
    this.length += bytes.length;
  }

  varint(value) {
    const bytes = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.push(Uint8Array.from(bytes));
  }

  key(field, wireType) {
    this.varint((field << 3) | wireType);
  }

  int(field, value) {
    this.key(field, VARINT);
    this.varint(value);
  }

  float(field, value) {
    this.key(field, FIXED32);
    this.push(new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field, value) {
    this.key(field, LENGTH_DELIMITED);
    this.varint(value.length);
    this.push(value);
  }

  string(field, value) {
    this.bytes(field, utf8.encode(value));
  }

  message(field, value) {
    this.bytes(field, value.finish());
  }

  finish() {
    const all = new Uint8Array(this.length);
    let offset = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, offset);
      offset += chunk.length;
    }
    return all;
  }
}

/** AttributeProto. A number is an int, an array is ints, `{ float }` is a float. */
function attributeMessage(name, value) {
  const message = new Message();
  message.string(1, name);
  if (Array.isArray(value)) {
    for (const item of value) message.int(8, item);
    message.int(20, ATTRIBUTE_INTS);
  } else if (typeof value === 'object') {
    message.float(2, value.float);
    message.int(20, ATTRIBUTE_FLOAT);
  } else {
    message.int(3, value);
    message.int(20, ATTRIBUTE_INT);
  }
  return message;
}

/** TensorProto with raw little-endian data. */
function tensorMessage({ name, shape, data }) {
  const message = new Message();
  for (const size of shape) message.int(1, size);
  message.int(2, data instanceof BigInt64Array ? INT64 : FLOAT);
  message.string(8, name);
  message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return message;
}

/** ValueInfoProto: the name, element type and shape of a graph input or output. */
function valueInfoMessage({ name, shape }) {
  const shapeProto = new Message();
  for (const size of shape) {
    const dimension = new Message();
    dimension.int(1, size);
    shapeProto.message(1, dimension);
  }
  const tensorType = new Message();
  tensorType.int(1, FLOAT);
  tensorType.message(2, shapeProto);
  const type = new Message();
  type.message(1, tensorType);
  const message = new Message();
  message.string(1, name);
  message.message(2, type);
  return message;
}

function nodeMessage({ op, inputs, output, attributes, domain }) {
  const message = new Message();
  for (const name of inputs) message.string(1, name);
  message.string(2, output);
  message.string(4, op);
  if (domain !== '') message.string(7, domain);
  for (const [name, value] of Object.entries(attributes)) {
    message.message(5, attributeMessage(name, value));
  }
  return message;
}

export const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** Builds a graph node by node. A value is `{ name, shape }`. */
export class Graph {
  constructor() {
    this.nodes = [];
    this.initializers = [];
    this.inputs = [];
    this.outputs = [];
    this.integers = new Map();
    this.count = 0;
  }

  input(name, shape) {
    const value = { name, shape };
    this.inputs.push(value);
    return value;
  }

  /** A float32 constant stored in the model. */
  constant(shape, data) {
    const name = `k${this.count++}`;
    this.initializers.push({ name, shape, data });
    return { name, shape };
  }

  /** An int64 vector, as operators want for axes, shapes and slices; equal ones are stored once. */
  int64(values) {
    const key = values.join();
    if (!this.integers.has(key)) {
      this.integers.set(key, this.constant([values.length], BigInt64Array.from(values.map(BigInt))));
    }
    return this.integers.get(key);
  }

  node(op, inputs, shape, attributes = {}, domain = '') {
    const output = `t${this.count++}`;
    this.nodes.push({ op, inputs: inputs.map((value) => value.name), output, attributes, domain });
    return { name: output, shape };
  }

  output(name, value) {
    this.nodes.push({ op: 'Identity', inputs: [value.name], output: name, attributes: {}, domain: '' });
    this.outputs.push({ name, shape: value.shape });
  }

  /** The bytes of a .onnx file. */
  encode(opset = 18) {
    const graph = new Message();
    for (const node of this.nodes) graph.message(1, nodeMessage(node));
    graph.string(2, 'traced');
    for (const initializer of this.initializers) graph.message(5, tensorMessage(initializer));
    for (const input of this.inputs) graph.message(11, valueInfoMessage(input));
    for (const output of this.outputs) graph.message(12, valueInfoMessage(output));

    const model = new Message();
    model.int(1, 8); // IR version
    model.message(7, graph);
    for (const [domain, version] of [
      ['', opset],
      ['com.microsoft', 1],
    ]) {
      const operatorSet = new Message();
      operatorSet.string(1, domain);
      operatorSet.int(2, version);
      model.message(8, operatorSet);
    }
    return model.finish();
  }
}
