import type { Spec, Specs, Tensors } from '../../src/compute/engine.ts';
import { tf } from '../../src/compute/tf.ts';

/** Where the values of an input are drawn from. */
export type Draw = 'normal' | 'positive' | 'unit' | 'away from zero' | 'distinct' | { readonly below: number } | 'bool';
export type OpCase = {
  readonly name: string;
  readonly specs: Specs;
  readonly draw?: Readonly<Record<string, Draw>>;
  readonly fn: (t: Tensors) => tf.Tensor | tf.Tensor[];
  /** Inputs that the operator is differentiable in. */
  readonly grads: readonly string[];
};

const rows: Spec = [3, 4];
type Unary = (x: tf.Tensor) => tf.Tensor;

function unary(ops: Readonly<Record<string, Unary>>, draw: Draw, differentiable = true): OpCase[] {
  return Object.entries(ops).map(([name, op]) => ({
    name,
    specs: { x: rows },
    draw: { x: draw },
    fn: ({ x }) => op(x!),
    grads: differentiable ? ['x'] : [],
  }));
}

const single = unary(
  {
    exp: tf.exp,
    expm1: tf.expm1,
    tanh: tf.tanh,
    sigmoid: tf.sigmoid,
    softplus: tf.softplus,
    sin: tf.sin,
    cos: tf.cos,
    erf: tf.erf,
    neg: tf.neg,
    square: tf.square,
    atan: tf.atan,
    sinh: tf.sinh,
    cosh: tf.cosh,
    asinh: tf.asinh,
    softmax: (x) => tf.softmax(x),
    logSoftmax: (x) => tf.logSoftmax(x),
    logSumExp: (x) => tf.logSumExp(x, 1),
  },
  'normal',
).concat(
  unary({ log: tf.log, log1p: tf.log1p, sqrt: tf.sqrt, rsqrt: tf.rsqrt, reciprocal: tf.reciprocal }, 'positive'),
  unary({ asin: tf.asin, acos: tf.acos, atanh: tf.atanh, tan: tf.tan }, 'unit'),
  unary(
    {
      abs: tf.abs,
      relu: tf.relu,
      relu6: tf.relu6,
      elu: tf.elu,
      selu: tf.selu,
      leakyRelu: (x) => tf.leakyRelu(x, 0.1),
      clip: (x) => tf.clipByValue(x, -1.7, 0.4),
      select: (x) => tf.where(tf.greater(x, 0), tf.square(x), tf.mul(x, 3)),
    },
    'away from zero',
  ),
  unary(
    {
      sign: tf.sign,
      step: (x) => tf.step(x, 0.3),
      floor: tf.floor,
      ceil: tf.ceil,
      round: tf.round,
      isNaN: (x) => tf.cast(tf.isNaN(x), 'float32'),
    },
    'away from zero',
    false,
  ),
);

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
function binary(ops: Readonly<Record<string, Binary>>, draw: Draw, differentiable = true): OpCase[] {
  const broadcast: OpCase[] = Object.entries(ops).map(([name, op]) => ({
    name: `${name}, broadcast`,
    specs: { a: [2, 3, 4], b: [3, 1] },
    draw: { a: draw, b: draw },
    fn: ({ a, b }) => op(a!, b!),
    grads: differentiable ? ['a', 'b'] : [],
  }));
  const scalar: OpCase[] = Object.entries(ops).map(([name, op]) => ({
    name: `${name}, with a number`,
    specs: { a: rows },
    draw: { a: draw },
    fn: ({ a }) => op(op(a!, tf.scalar(0.7)), tf.fill([3, 4], 1.3)),
    grads: differentiable ? ['a'] : [],
  }));
  return [...broadcast, ...scalar];
}

const asFloat =
  (op: Binary): Binary =>
  (a, b) =>
    tf.cast(op(a, b), 'float32');
const pairs = binary(
  { add: tf.add, sub: tf.sub, mul: tf.mul, squaredDifference: tf.squaredDifference },
  'normal',
).concat(
  binary({ div: tf.div, pow: tf.pow }, 'positive'),
  binary({ maximum: tf.maximum, minimum: tf.minimum }, 'distinct'),
  binary(
    {
      floorDiv: tf.floorDiv,
      mod: tf.mod,
      greater: asFloat(tf.greater),
      greaterEqual: asFloat(tf.greaterEqual),
      less: asFloat(tf.less),
      lessEqual: asFloat(tf.lessEqual),
      equal: asFloat(tf.equal),
      notEqual: asFloat(tf.notEqual),
      and: asFloat((a, b) => tf.logicalAnd(tf.greater(a, 0.5), tf.greater(b, 0.5))),
      or: asFloat((a, b) => tf.logicalOr(tf.greater(a, 0.5), tf.logicalNot(tf.greater(b, 0.5)))),
    },
    'positive',
    false,
  ),
);

const cube: Spec = [2, 3, 4];
const on = (
  name: string,
  fn: Unary | ((x: tf.Tensor) => tf.Tensor[]),
  grads: readonly string[] = ['x'],
  shape: Spec = cube,
): OpCase => ({
  name,
  specs: { x: shape },
  draw: { x: 'distinct' },
  fn: ({ x }) => fn(x!),
  grads,
});

const shapes: OpCase[] = [
  on('reshape', (x) => tf.reshape(tf.square(x), [4, -1])),
  on('expandDims', (x) => tf.mul(tf.expandDims(x, 1), tf.expandDims(x, 2))),
  on('squeeze', (x) => tf.squeeze(tf.mean(x, 1, true))),
  on('transpose', (x) => tf.transpose(x, [2, 0, 1])),
  on('transpose of a broadcast', (x) =>
    tf.mul(tf.transpose(tf.broadcastTo(tf.mean(x, 2, true), [2, 3, 4]), [2, 0, 1]), 2),
  ),
  on('concat', (x) => tf.concat([x, tf.square(x), x], 1)),
  on('stack', (x) => tf.stack([x, tf.square(x)], 1)),
  on('unstack', (x) => tf.unstack(x, 1).map((part, i) => tf.mul(part, i + 1))),
  on('slice', (x) => tf.slice(x, [0, 1, 1], [2, 2, -1])),
  on('split', (x) => tf.split(x, [1, 3], 2).map((part, i) => tf.mul(part, i + 1))),
  on('stridedSlice', (x) => tf.stridedSlice(x, [0, 2, 0], [2, -4, 4], [1, -1, 2]), []),
  on('pad', (x) =>
    tf.pad(
      x,
      [
        [0, 1],
        [2, 0],
        [1, 1],
      ],
      0.5,
    ),
  ),
  on('tile', (x) => tf.tile(x, [2, 1, 3])),
  on('tile of an axis of one', (x) => tf.square(tf.tile(tf.sum(x, 1, true), [1, 3, 1]))),
  on('broadcastTo', (x) => tf.broadcastTo(tf.reshape(x, [2, 3, 1, 4]), [2, 3, 5, 4])),
  on('reverse', (x) => tf.reverse(x, [0, 2])),
  on('fill, ones, zeros', (x) => tf.add(tf.mul(x, tf.onesLike(x)), tf.add(tf.zerosLike(x), tf.fill([2, 3, 4], 3)))),
  on('range and linspace', (x) => tf.mul(tf.mul(x, tf.range(0, 4)), tf.reshape(tf.linspace(0, 1, 3), [3, 1]))),
  on('cast', (x) => tf.cast(tf.cast(tf.mul(x, 3), 'int32'), 'float32'), []),
];

const reductions: OpCase[] = [
  on('sum', (x) => tf.sum(x, [0, 2])),
  on('sum of everything', (x) => tf.sum(x)),
  on('sum of a broadcast', (x) => tf.sum(tf.square(tf.broadcastTo(tf.mean(x, 1, true), [2, 3, 4])), 1)),
  on('mean', (x) => tf.mean(x, 1, true)),
  on('mean of everything', (x) => tf.mean(tf.square(x))),
  on('moments', (x) => Object.values(tf.moments(x, [0, 1]))),
  on('max', (x) => tf.max(x, 2)),
  on('min', (x) => tf.min(x, [0, 1], true)),
  on('prod', (x) => tf.prod(x, 1), ['x'], [2, 4]),
  on('all', (x) => tf.cast(tf.all(tf.greater(x, -1), 1), 'float32'), []),
  on('any', (x) => tf.cast(tf.any(tf.greater(x, 1), [0, 1]), 'float32'), []),
  on('argMax', (x) => tf.cast(tf.argMax(x, 1), 'float32'), []),
  on('argMin', (x) => tf.cast(tf.argMin(x, -1), 'float32'), []),
  on('norm', (x) => tf.norm(x, 2, -1)),
  on('cumsum', (x) => tf.cumsum(x, 1)),
  on('cumsum, exclusive, reverse', (x) => tf.cumsum(x, 2, true, true)),
  on('cumprod', (x) => tf.cumprod(x, 2, true), []),
  on(
    'topk',
    (x) => {
      const { values, indices } = tf.topk(x, 2);
      return [values, tf.cast(indices, 'float32')];
    },
    [],
  ),
];

const matrices: OpCase[] = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB): OpCase[] => [
    {
      name: `matMul${transposeA ? ', transposed a' : ''}${transposeB ? ', transposed b' : ''}`,
      specs: { a: transposeA ? [3, 5] : [5, 3], b: transposeB ? [4, 3] : [3, 4] },
      fn: ({ a, b }) => tf.matMul(a!, b!, transposeA, transposeB),
      grads: ['a', 'b'],
    },
    {
      name: `batched matMul${transposeA ? ', transposed a' : ''}${transposeB ? ', transposed b' : ''}`,
      specs: { a: transposeA ? [2, 3, 5] : [2, 5, 3], b: transposeB ? [2, 4, 3] : [2, 3, 4] },
      fn: ({ a, b }) => tf.matMul(a!, b!, transposeA, transposeB),
      grads: ['a', 'b'],
    },
  ]),
);
matrices.push(
  {
    name: 'matMul of a batch with one matrix',
    specs: { a: [2, 5, 3], b: [1, 3, 4] },
    fn: ({ a, b }) => tf.matMul(a!, b!),
    grads: [],
  },
  {
    name: 'matMul, scaled, with a bias and a sum',
    specs: { a: [5, 3], b: [3, 4], bias: [4], more: [5, 4] },
    fn: ({ a, b, bias, more }) => tf.add(tf.add(tf.mul(tf.matMul(a!, b!), 0.3), bias!), more!),
    grads: ['a', 'b', 'bias', 'more'],
  },
  {
    name: 'fused matMul',
    specs: { a: [5, 3], b: [3, 4], bias: [4] },
    fn: ({ a, b, bias }) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'elu' }),
    grads: [],
  },
);

const picture: Spec = [2, 6, 7, 3];
/** Square: tfjs's own gradient of resizeBilinear on the cpu mixes up height and width. */
const small: Spec = [2, 5, 5, 1];
const convolutions: OpCase[] = (
  [
    [1, 'same', 3],
    [2, 'same', 4],
    [2, 'valid', 3],
    [1, 'valid', 1],
  ] as const
).map(([stride, pad, side]) => ({
  name: `conv2d, stride ${stride}, ${pad}, ${side} x ${side}`,
  specs: { x: picture, w: [side, side, 3, 5] },
  fn: ({ x, w }) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
  grads: ['x', 'w'],
}));
convolutions.push(
  {
    name: 'conv2dTranspose',
    specs: { x: [2, 3, 3, 4], w: [4, 4, 3, 4] },
    fn: ({ x, w }) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 6, 6, 3], 2, 'same'),
    grads: ['x', 'w'],
  },
  {
    name: 'fused conv2d',
    specs: { x: picture, filter: [3, 3, 3, 5], bias: [5] },
    fn: ({ x, filter, bias }) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        bias: bias!,
        strides: 1,
        pad: 'same',
        activation: 'relu',
      }),
    grads: [],
  },
  on('maxPool', (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), ['x'], small),
  on('maxPool, overlapping', (x) => tf.maxPool(x as tf.Tensor4D, 3, 1, 'same'), ['x'], small),
  on('avgPool', (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'), ['x'], picture),
  on('resizeBilinear', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [9, 4]), ['x'], small),
  on(
    'resizeBilinear, half pixels',
    (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [3, 14], false, true),
    [],
    picture,
  ),
  on('resizeBilinear, aligned corners', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [3, 14], true), ['x'], small),
  {
    name: 'batchNorm',
    specs: { x: picture, mean: [3], variance: [3], offset: [3], scale: [3] },
    draw: { variance: 'positive' },
    fn: ({ x, mean, variance, offset, scale }) =>
      tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3),
    grads: ['x', 'mean', 'variance', 'offset', 'scale'],
  },
);

const index = (shape: readonly number[]): Spec => ({ shape, dtype: 'int32' });
const indexing: OpCase[] = [
  {
    name: 'gather',
    specs: { x: [5, 3], i: index([7]) },
    draw: { i: { below: 5 } },
    fn: ({ x, i }) => tf.gather(x!, i as tf.Tensor1D),
    grads: ['x'],
  },
  {
    name: 'gather along the last axis',
    specs: { x: [5, 3], i: index([4]) },
    draw: { i: { below: 3 } },
    fn: ({ x, i }) => tf.gather(x!, i as tf.Tensor1D, 1),
    grads: ['x'],
  },
  {
    name: 'gatherND',
    specs: { x: [5, 3], i: index([4, 2]) },
    draw: { i: { below: 3 } },
    fn: ({ x, i }) => tf.gatherND(x!, i!),
    grads: [],
  },
  {
    name: 'scatterND',
    specs: { x: [4, 3], i: index([4, 1]) },
    draw: { i: { below: 6 } },
    fn: ({ x, i }) => tf.scatterND(i!, x!, [6, 3]),
    grads: [],
  },
  {
    name: 'unsortedSegmentSum',
    specs: { x: [6, 3], i: index([6]) },
    draw: { i: { below: 4 } },
    fn: ({ x, i }) => tf.unsortedSegmentSum(x!, i as tf.Tensor1D, 4),
    grads: ['x'],
  },
  {
    name: 'oneHot',
    specs: { i: index([6]) },
    draw: { i: { below: 4 } },
    fn: ({ i }) => tf.oneHot(i!, 4),
    grads: [],
  },
  {
    name: 'oneHot, smoothed',
    specs: { i: index([6]) },
    draw: { i: { below: 4 } },
    fn: ({ i }) => tf.oneHot(i!, 4, 0.9, 0.1, 'float32'),
    grads: [],
  },
  {
    name: 'where, a condition for every row',
    specs: { c: index([3]), a: rows, b: rows },
    draw: { c: { below: 2 } },
    fn: ({ c, a, b }) => tf.where(tf.cast(tf.reshape(c!, [3, 1]), 'bool'), a!, b!),
    grads: ['a', 'b'],
  },
  {
    name: 'prelu',
    specs: { x: rows, alpha: [4] },
    draw: { x: 'away from zero' },
    fn: ({ x, alpha }) => tf.prelu(x!, alpha!),
    grads: ['x', 'alpha'],
  },
  {
    name: 'integers',
    specs: { a: index([6]), b: index([6]) },
    draw: { a: { below: 50 }, b: { below: 7 } },
    fn: ({ a, b }) => {
      const divisor = tf.add(b!, tf.scalar(1, 'int32'));
      return [
        tf.floorDiv(a!, divisor),
        tf.sub(a!, tf.mul(b!, b!)),
        tf.mod(a!, divisor),
        tf.sum(a!),
        tf.maximum(a!, b!),
      ];
    },
    grads: [],
  },
  {
    name: 'bytes',
    specs: { x: { shape: [2, 5], dtype: 'uint8' } },
    draw: { x: { below: 256 } },
    fn: ({ x }) => tf.div(x!, 255),
    grads: [],
  },
];

export const opCases: readonly OpCase[] = [
  ...single,
  ...pairs,
  ...shapes,
  ...reductions,
  ...matrices,
  ...convolutions,
  ...indexing,
];
