import type { Shape } from '../engine.ts';
import {
  coreOf,
  type ElementType,
  type Graph,
  type NodeOptions,
  numberOf,
  sameShape,
  sizeOf,
  type Value,
} from '../onnx-graph.ts';

// biome-ignore lint/suspicious/noExplicitAny: a kernel's attributes are whatever tfjs defines for it
export type KernelAttributes = Record<string, any>;
export type Operands = Readonly<Record<string, Value>>;
/** How one tfjs kernel is written in ONNX operators. */
export type KernelForm = (g: Graph, inputs: Operands, attributes: KernelAttributes) => Value | Value[];
export type KernelForms = Readonly<Record<string, KernelForm>>;

/** The common shape of shapes, as NumPy broadcasts. */
export function commonShape(shapes: readonly Shape[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return lengths.find((length) => length !== 1) ?? 1;
  });
}

/** Ones in front, up to `rank` axes. */
export const padded = (shape: Shape, rank: number): number[] => [
  ...Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/** `axis` counted from the front. */
export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export type ElementwiseOptions = NodeOptions & {
  readonly type?: ElementType;
  /** The same operator on numbers. */
  readonly fold?: (...numbers: number[]) => number;
};

/** An operator that acts number by number; broadcast inputs stay small, and so may the result. */
export function elementwise(
  g: Graph,
  op: string,
  inputs: readonly Value[],
  { type = inputs[0]!.type, fold, ...options }: ElementwiseOptions = {},
): Value {
  const shape = commonShape(inputs.map((value) => value.shape));
  const cores = inputs.map(coreOf);
  const numbers = inputs.map(numberOf);
  if (fold !== undefined && numbers.every((number) => number !== undefined)) {
    return g.uniform(fold(...(numbers as number[])), shape, type);
  }
  return g.broadcast(g.node(op, cores, commonShape(cores.map((value) => value.shape)), type, options), shape);
}

const is = (value: Value, number: number) => numberOf(value) === number;
const seenAs = (g: Graph, value: Value, other: Value) => g.broadcast(value, commonShape([value.shape, other.shape]));

export function add(g: Graph, a: Value, b: Value): Value {
  if (is(a, 0)) return seenAs(g, b, a);
  if (is(b, 0)) return seenAs(g, a, b);
  return elementwise(g, 'Add', [a, b], { fold: (x, y) => x + y });
}

export function sub(g: Graph, a: Value, b: Value): Value {
  if (is(b, 0)) return seenAs(g, a, b);
  return elementwise(g, 'Sub', [a, b], { fold: (x, y) => x - y });
}

/** Products of products with numbers are joined: `(x * 2) * 3` is `x * 6`. */
export function mul(g: Graph, a: Value, b: Value): Value {
  if (is(a, 1)) return seenAs(g, b, a);
  if (is(b, 1)) return seenAs(g, a, b);
  if (numberOf(a) !== undefined && numberOf(b) === undefined) return mul(g, b, a);
  const factor = numberOf(b);
  const { node } = coreOf(a);
  const before = node === undefined ? undefined : numberOf(node.inputs[1] ?? a);
  if (
    a.type === 'float' &&
    factor !== undefined &&
    before !== undefined &&
    (node?.op === 'Mul' || node?.op === 'DequantizeLinear')
  ) {
    const inputs = [node.inputs[0]!, g.uniform(factor * before, [], 'float')];
    const { shape } = node.outputs[0]!;
    const joined = node.op === 'Mul' ? elementwise(g, 'Mul', inputs) : g.node(node.op, inputs, shape, 'float');
    return g.broadcast(joined, commonShape([a.shape, b.shape]));
  }
  return elementwise(g, 'Mul', [a, b], { fold: (x, y) => x * y });
}

export function div(g: Graph, a: Value, b: Value): Value {
  if (is(b, 1)) return seenAs(g, a, b);
  const number = numberOf(b);
  if (number !== undefined && a.type === 'float' && Number.isInteger(Math.log2(Math.abs(number)))) {
    return mul(g, a, g.uniform(1 / number, b.shape, 'float')); // exact
  }
  return elementwise(g, 'Div', [a, b], { fold: (x, y) => x / y });
}

export function cast(g: Graph, value: Value, type: ElementType): Value {
  if (value.type === type) return value;
  const number = numberOf(value);
  if (number !== undefined) return g.uniform(number, value.shape, type);
  const to = { float: 1, uint8: 2, int32: 6, int64: 7, bool: 9 }[type];
  return elementwise(g, 'Cast', [value], { type, attributes: { to } });
}

/** Reshapes; of a chain of reshapes only the last stays, and a broadcast value stays so if only axes of length 1 come or go. */
export function reshape(g: Graph, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const core = x.core;
  if (core !== undefined) {
    if (sizeOf(core.shape) === 1) return g.broadcast(reshape(g, core, []), shape);
    const real = padded(core.shape, x.shape.length).filter((_, axis) => x.shape[axis] !== 1);
    const lengths = x.shape.filter((length) => length !== 1);
    if (
      sameShape(
        lengths,
        shape.filter((length) => length !== 1),
      )
    ) {
      const inner = shape.map((length) => (length === 1 ? 1 : real.shift()!));
      return g.broadcast(reshape(g, core, inner), shape);
    }
  }
  const source = x.node?.op === 'Reshape' ? x.node.inputs[0]! : x;
  if (sameShape(source.shape, shape)) return source;
  return g.node('Reshape', [source, g.ints(shape)], shape, x.type);
}

/** Moves axes; nothing is moved where only axes of length 1 change place. */
export function transpose(g: Graph, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis]!);
  if (x.core !== undefined) {
    const core = reshape(g, x.core, padded(x.core.shape, x.shape.length));
    return g.broadcast(transpose(g, core, perm), shape);
  }
  const moving = perm.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || moving[i - 1]! < axis)) return reshape(g, x, shape);
  return g.node('Transpose', [x], shape, x.type, { attributes: { perm } });
}
