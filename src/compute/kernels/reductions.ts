import { coreOf, type Graph, sizeOf, type Value } from '../onnx-graph.ts';
import { tf } from '../tf.ts';
import {
  add,
  cast,
  elementwise,
  fromFront,
  type KernelForm,
  type KernelForms,
  mul,
  padded,
  reshape,
  sub,
} from './kernel.ts';

/** Reduces over `axes`. Axes along which `x` is only a broadcast cost nothing. */
export function reduce(g: Graph, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const shape = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const dropped = keepDims ? shape : x.shape.filter((_, axis) => !axes.includes(axis));
  if (x.core === undefined) {
    const real = axes.filter((axis) => x.shape[axis] !== 1);
    if (real.length === 0) return reshape(g, x, dropped);
    if (op === 'ReduceSum' && isTall(x, axes)) return reshape(g, sumOfRows(g, x), dropped);
    return g.node(op, [x, g.ints(axes)], dropped, x.type, { attributes: { keepdims: keepDims ? 1 : 0 } });
  }
  const core = reshape(g, x.core, padded(x.core.shape, x.shape.length));
  const real = axes.filter((axis) => core.shape[axis] !== 1);
  const copies = axes.filter((axis) => core.shape[axis] === 1).reduce((count, axis) => count * x.shape[axis]!, 1);
  let y = real.length === 0 ? core : reduce(g, op, core, real, true);
  if (copies !== 1 && op === 'ReduceSum') y = mul(g, y, g.uniform(copies, [], x.type));
  if (copies !== 1 && op === 'ReduceProd') y = elementwise(g, 'Pow', [y, g.uniform(copies, [], x.type)]);
  const kept = coreOf(y).shape.length === 0 ? y : reshape(g, y, padded(coreOf(y).shape, shape.length));
  return reshape(g, g.broadcast(kept, shape), dropped);
}

/** Rows from which a sum over them is faster as a matrix product. */
const TALL = 512;

/** Is this the sum of many rows: all axes but the last? As for every bias's gradient. */
const isTall = (x: Value, axes: readonly number[]): boolean =>
  x.type === 'float' &&
  x.shape.length > 1 &&
  axes.length === x.shape.length - 1 &&
  !axes.includes(x.shape.length - 1) &&
  sizeOf(x.shape.slice(0, -1)) >= TALL;

/** `[..., width]` -> `[1, width]`: ones times the rows. */
function sumOfRows(g: Graph, x: Value): Value {
  const width = x.shape.at(-1)!;
  const rows = sizeOf(x.shape) / width;
  const ones = g.uniform(1, [1, rows], 'float');
  return g.node('Gemm', [ones, reshape(g, x, [rows, width])], [1, width], 'float');
}

const reduction =
  (op: string): KernelForm =>
  (g, { x }, { reductionIndices, axis = reductionIndices, keepDims }) =>
    reduce(g, op, x!, tf.util.parseAxisParam(axis, [...x!.shape]), keepDims === true);

/** Reductions that ONNX knows for numbers only. */
const logical =
  (op: string): KernelForm =>
  (g, { x }, { axis, keepDims }) =>
    cast(g, reduction(op)(g, { x: cast(g, x!, 'int32') }, { axis, keepDims }) as Value, 'bool');

const extremum =
  (op: string): KernelForm =>
  (g, { x }, { axis }) => {
    const dim = fromFront(axis, x!.shape.length);
    const shape = x!.shape.filter((_, i) => i !== dim);
    return cast(g, g.node(op, [x!], shape, 'int64', { attributes: { axis: dim, keepdims: 0 } }), 'int32');
  };

const cumsum: KernelForm = (g, { x }, { axis, exclusive, reverse }) => {
  const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
  const dim = g.uniform(fromFront(axis, x!.shape.length), [], 'int64');
  return g.node('CumSum', [x!, dim], x!.shape, x!.type, { attributes });
};

/** Running products by doubling: after `k` rounds every entry is the product of the last `2^k`. ONNX has no such operator. */
const cumprod: KernelForm = (g, { x }, { axis, exclusive, reverse }) => {
  const dim = fromFront(axis, x!.shape.length);
  const length = x!.shape[dim]!;
  const moved = (value: Value, by: number): Value => {
    const [front, back] = reverse ? [-by, by] : [by, -by];
    const pads = [
      ...x!.shape.map((_, i) => (i === dim ? front : 0)),
      ...x!.shape.map((_, i) => (i === dim ? back : 0)),
    ];
    return g.node('Pad', [value, g.ints(pads), g.uniform(1, [], value.type)], value.shape, value.type);
  };
  let product = exclusive ? moved(x!, 1) : x!;
  for (let by = 1; by < length; by *= 2) product = mul(g, product, moved(product, by));
  return product;
};

const topK: KernelForm = (g, { x }, { k, sorted }) => {
  const shape = [...x!.shape.slice(0, -1), k as number];
  const [values, indices] = g.multi(
    'TopK',
    [x!, g.ints([k])],
    [
      { shape, type: x!.type },
      { shape, type: 'int64' },
    ],
    { attributes: { axis: -1, largest: 1, sorted: sorted === false ? 0 : 1 } },
  );
  return [values!, cast(g, indices!, 'int32')];
};

const fusedBatchNorm: KernelForm = (g, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
  const spread = add(g, variance!, g.uniform(varianceEpsilon ?? 0.001, [], 'float'));
  let slope = elementwise(g, 'Reciprocal', [elementwise(g, 'Sqrt', [spread])]);
  if (scale !== undefined) slope = mul(g, slope, scale);
  const y = mul(g, sub(g, x!, mean!), slope);
  return offset === undefined ? y : add(g, y, offset);
};

/** Our own kernel, see `norms.ts`: every row at mean 0 and variance 1, and what it was divided by, inverted. */
const standardise: KernelForm = (g, { x }, { eps }) => {
  const width = x!.shape.at(-1)!;
  const statistic = { shape: [...x!.shape.slice(0, -1), 1], type: 'float' } as const;
  const [unit, , inverse] = g.multi(
    'LayerNormalization',
    [x!, g.uniform(1, [width], 'float')],
    [{ shape: x!.shape, type: 'float' }, statistic, statistic],
    { attributes: { axis: -1, epsilon: { float: eps }, stash_type: 1 } },
  );
  return [unit!, inverse!];
};

export const reductionForms: KernelForms = {
  Standardise: standardise,
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: extremum('ArgMax'),
  ArgMin: extremum('ArgMin'),
  Cumsum: cumsum,
  Cumprod: cumprod,
  TopK: topK,
  FusedBatchNorm: fusedBatchNorm,
};
