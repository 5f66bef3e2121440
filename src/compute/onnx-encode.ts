import type { Attributes, ElementType, Graph, Node, Value } from './onnx-graph.ts';
import { type Message, message } from './protobuf.ts';
import { simplify } from './simplify.ts';

const OPSET = 18;
const IR_VERSION = 8;
const ELEMENT: Record<ElementType, number> = { float: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 };
const utf8 = new TextEncoder();

/** An ONNX file and its number of operators: what the outputs need, and nothing else. Field numbers are those of onnx.proto. */
export function encode(g: Graph): { bytes: Uint8Array; nodes: number } {
  const nodes = simplify(
    g.nodes,
    g.outputs.map(({ value }) => value),
  );
  const constants = new Set(nodes.flatMap((node) => node.inputs).filter((value) => value.constant !== undefined));

  const body = message();
  for (const node of nodes) body.message(1, nodeMessage(node));
  body.string(2, 'traced');
  for (const value of constants) body.message(5, tensorMessage(value));
  for (const value of g.inputs) body.message(11, valueInfo(value));
  for (const { value } of g.outputs) body.message(12, valueInfo(value));

  const model = message().int(1, IR_VERSION).string(2, 'premotor').message(7, body);
  for (const [domain, version] of [
    ['', OPSET],
    ['com.microsoft', 1],
  ] as const) {
    model.message(8, message().string(1, domain).int(2, version));
  }
  return { bytes: model.finish(), nodes: nodes.length };
}

function nodeMessage({ op, domain, inputs, outputs, attributes }: Node): Message {
  const node = message();
  for (const value of inputs) node.string(1, value.name);
  for (const value of outputs) node.string(2, value.name);
  node.string(4, op);
  for (const attribute of attributeMessages(attributes)) node.message(5, attribute);
  if (domain !== '') node.string(7, domain);
  return node;
}

function attributeMessages(attributes: Attributes): Message[] {
  return Object.entries(attributes).map(([name, value]) => {
    const attribute = message().string(1, name);
    if (typeof value === 'string') return attribute.bytes(4, utf8.encode(value)).int(20, ATTRIBUTE.string);
    if (typeof value === 'number') return attribute.int(3, value).int(20, ATTRIBUTE.int);
    if ('float' in value) return attribute.float(2, value.float).int(20, ATTRIBUTE.float);
    for (const item of value) attribute.int(8, item);
    return attribute.int(20, ATTRIBUTE.ints);
  });
}

function tensorMessage({ name, shape, type, constant }: Value): Message {
  const tensor = message();
  for (const length of shape) tensor.int(1, length);
  const { buffer, byteOffset, byteLength } = constant!;
  return tensor
    .int(2, ELEMENT[type])
    .string(8, name)
    .bytes(9, new Uint8Array(buffer, byteOffset, byteLength)); // little-endian
}

function valueInfo({ name, shape, type }: Value): Message {
  const dimensions = message();
  for (const length of shape) dimensions.message(1, message().int(1, length));
  const tensorType = message().int(1, ELEMENT[type]).message(2, dimensions);
  return message().string(1, name).message(2, message().message(1, tensorType));
}
