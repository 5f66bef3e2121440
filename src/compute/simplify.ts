import { type Node, numberOf, sameShape, type Value } from './onnx-graph.ts';

/** The nodes that the outputs need, with additions and scalings of a matrix product made part of it. */
export function simplify(nodes: readonly Node[], outputs: readonly Value[]): Node[] {
  const kept = alive(nodes, outputs);
  return alive(fused(kept), outputs);
}

function alive(nodes: readonly Node[], outputs: readonly Value[]): Node[] {
  const needed = new Set(outputs);
  const kept: Node[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!node.outputs.some((value) => needed.has(value))) continue;
    for (const value of node.inputs) needed.add(value);
    kept.push(node);
  }
  return kept.reverse();
}

/** `product * number` becomes the product's `alpha`; `product + term` becomes Gemm's third input, if the product has no other use. */
function fused(nodes: readonly Node[]): Node[] {
  const uses = new Map<Value, number>();
  for (const node of nodes) for (const value of node.inputs) uses.set(value, (uses.get(value) ?? 0) + 1);
  const maker = new Map<Value, Node>();
  const onlyUse = (value: Value) => uses.get(value) === 1;

  return nodes.map((node) => {
    const replacement = subtracted(node, maker) ?? scaled(node, maker, onlyUse) ?? biased(node, maker, onlyUse) ?? node;
    for (const value of replacement.outputs) maker.set(value, replacement);
    return replacement;
  });
}

type Find = ReadonlyMap<Value, Node>;

/** `a + (-b)`, as gradients of differences come, is `a - b`. */
function subtracted(node: Node, maker: Find): Node | undefined {
  if (node.op !== 'Add') return undefined;
  for (const [value, other] of pairs(node)) {
    const negation = maker.get(value);
    if (negation?.op === 'Neg') return { ...node, op: 'Sub', inputs: [other, negation.inputs[0]!] };
  }
  return undefined;
}

function scaled(node: Node, maker: Find, onlyUse: (value: Value) => boolean): Node | undefined {
  if (node.op !== 'Mul') return undefined;
  for (const [value, other] of pairs(node)) {
    const product = maker.get(value);
    const factor = numberOf(other);
    if (product === undefined || factor === undefined || !onlyUse(value)) continue;
    if (product.op !== 'FusedMatMul' && !(product.op === 'Gemm' && product.inputs.length === 2)) continue;
    if (!sameShape(node.outputs[0]!.shape, value.shape)) continue;
    const { alpha } = product.attributes;
    const before = typeof alpha === 'object' && 'float' in alpha ? alpha.float : 1;
    return {
      ...product,
      outputs: node.outputs,
      attributes: { ...product.attributes, alpha: { float: before * factor } },
    };
  }
  return undefined;
}

function biased(node: Node, maker: Find, onlyUse: (value: Value) => boolean): Node | undefined {
  if (node.op !== 'Add') return undefined;
  for (const [value, term] of pairs(node)) {
    const product = maker.get(value);
    if (product?.op !== 'Gemm' || product.inputs.length !== 2 || !onlyUse(value)) continue;
    if (!sameShape(node.outputs[0]!.shape, value.shape) || term.type !== 'float') continue;
    return { ...product, inputs: [...product.inputs, term], outputs: node.outputs };
  }
  return undefined;
}

function pairs({ inputs: [a, b] }: Node): [Value, Value][] {
  return [
    [a!, b!],
    [b!, a!],
  ];
}
