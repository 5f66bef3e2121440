import type { Shape } from '../engine.ts';
import { coreOf, type Graph, numberOf, sizeOf, type Value } from '../onnx-graph.ts';
import { tf } from '../tf.ts';
import { fromFront, type KernelForm, type KernelForms, padded, reshape, transpose } from './kernel.ts';

/** `size` entries of an axis from `begin` on, for every axis. */
export function slice(g: Graph, x: Value, begin: readonly number[], size: readonly number[]): Value {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => size[axis] !== x.shape[axis]);
  if (axes.length === 0) return x;
  if (numberOf(x) !== undefined) return g.uniform(numberOf(x)!, size, x.type);
  const starts = axes.map((axis) => begin[axis]!);
  const ends = axes.map((axis) => begin[axis]! + size[axis]!);
  return g.node('Slice', [x, g.ints(starts), g.ints(ends), g.ints(axes)], size, x.type);
}

function along(g: Graph, x: Value, axis: number, begin: number, size: number): Value {
  const starts = x.shape.map((_, i) => (i === axis ? begin : 0));
  return slice(
    g,
    x,
    starts,
    x.shape.map((length, i) => (i === axis ? size : length)),
  );
}

export function concat(g: Graph, parts: readonly Value[], axis: number): Value {
  const filled = parts.filter((part) => sizeOf(part.shape) > 0);
  if (filled.length === 1) return filled[0]!;
  const shape = [...filled[0]!.shape];
  shape[axis] = filled.reduce((total, part) => total + part.shape[axis]!, 0);
  return g.node('Concat', filled, shape, filled[0]!.type, { attributes: { axis } });
}

/** The entries of an operator that tfjs hands over as `{ 0: a, 1: b, ... }`. */
const list = (inputs: Readonly<Record<string, Value>>): Value[] => Object.values(inputs);

const expandDims: KernelForm = (g, { input }, { dim }) => {
  const shape = [...input!.shape];
  shape.splice(fromFront(dim, shape.length + 1), 0, 1);
  return reshape(g, input!, shape);
};

const splitV: KernelForm = (g, { x }, { numOrSizeSplits, axis }) => {
  const dim = fromFront(axis, x!.shape.length);
  const sizes = tf.backend_util.prepareSplitSize({ shape: [...x!.shape] } as tf.Tensor, numOrSizeSplits, dim);
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return along(g, x!, dim, start - size, size);
  });
};

const pack: KernelForm = (g, inputs, { axis }) => {
  const parts = list(inputs).map((part) => expandDims(g, { input: part }, { dim: axis }) as Value);
  return concat(g, parts, fromFront(axis, parts[0]!.shape.length));
};

const unpack: KernelForm = (g, { value }, { axis }) => {
  const dim = fromFront(axis, value!.shape.length);
  const shape = value!.shape.filter((_, i) => i !== dim);
  return Array.from({ length: value!.shape[dim]! }, (_, i) => reshape(g, along(g, value!, dim, i, 1), shape));
};

const sliceForm: KernelForm = (g, { x }, { begin, size }) => {
  const [starts, sizes] = tf.slice_util.parseSliceParams({ shape: [...x!.shape] } as tf.Tensor, begin, size);
  return slice(g, x!, starts!, sizes!);
};

const stridedSlice: KernelForm = (g, { x }, attributes) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const info = tf.slice_util.sliceInfo(
    [...x!.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const axes = x!.shape.map((_, axis) => axis);
  // An end of -1 with a negative stride means "down to the first": ONNX would take it for the last.
  const ends = info.end.map((stop, axis) => (info.strides[axis]! < 0 && stop < 0 ? -x!.shape[axis]! - 1 : stop));
  const sizes = axes.map((axis) => Math.max(0, Math.ceil((info.end[axis]! - info.begin[axis]!) / info.strides[axis]!)));
  const operands = [x!, g.ints(info.begin), g.ints(ends), g.ints(axes), g.ints(info.strides)];
  return reshape(g, info.isIdentity ? x! : g.node('Slice', operands, sizes, x!.type), info.finalShape);
};

const pad: KernelForm = (g, { x }, { paddings, constantValue = 0 }) => {
  const pairs = paddings as [number, number][];
  const shape = x!.shape.map((length, axis) => length + pairs[axis]![0] + pairs[axis]![1]);
  const pads = g.ints([...pairs.map((pair) => pair[0]), ...pairs.map((pair) => pair[1])]);
  if (numberOf(x!) === constantValue) return g.uniform(constantValue, shape, x!.type);
  return g.node('Pad', [x!, pads, g.uniform(constantValue, [], x!.type)], shape, x!.type);
};

/** Repeats; what is repeated along axes of length 1 only is a broadcast. */
const tile: KernelForm = (g, { x }, { reps }) => {
  const shape = x!.shape.map((length, axis) => length * reps[axis]);
  const core = padded(coreOf(x!).shape, shape.length);
  if (core.every((length, axis) => length === 1 || reps[axis] === 1)) return g.broadcast(x!, shape);
  return g.node('Tile', [x!, g.ints(reps)], shape, x!.type);
};

const reverse: KernelForm = (g, { x }, { dims }) => {
  const axes = tf.util.parseAxisParam(dims, [...x!.shape]).filter((axis) => x!.shape[axis]! > 1);
  if (axes.length === 0) return x!;
  const starts = axes.map(() => -1);
  const ends = axes.map((axis) => -x!.shape[axis]! - 1);
  const steps = axes.map(() => -1);
  return g.node('Slice', [x!, g.ints(starts), g.ints(ends), g.ints(axes), g.ints(steps)], x!.shape, x!.type);
};

const fill: KernelForm = (g, _, { shape, value, dtype }) =>
  g.uniform(Number(value), shape as Shape, dtype === 'int32' || dtype === 'bool' ? dtype : 'float');

const range: KernelForm = (g, _, { start, stop, step, dtype }) => {
  const size = Math.max(0, Math.ceil((stop - start) / step));
  const values = Array.from({ length: size }, (_, i) => start + i * step);
  return dtype === 'int32'
    ? g.constant(Int32Array.from(values), [size], 'int32')
    : g.constant(Float32Array.from(values), [size], 'float');
};

const linSpace: KernelForm = (g, _, { start, stop, num }) =>
  g.constant(
    Float32Array.from({ length: num }, (_, i) => start + (i * (stop - start)) / Math.max(num - 1, 1)),
    [num],
    'float',
  );

export const shapeForms: KernelForms = {
  Reshape: (g, { x }, { shape }) => reshape(g, x!, tf.util.inferFromImplicitShape(shape, sizeOf(x!.shape))),
  ExpandDims: expandDims,
  Transpose: (g, { x }, { perm }) => transpose(g, x!, perm),
  Concat: (g, inputs, { axis }) => concat(g, list(inputs), fromFront(axis, list(inputs)[0]!.shape.length)),
  Slice: sliceForm,
  StridedSlice: stridedSlice,
  SplitV: splitV,
  PadV2: pad,
  Tile: tile,
  BroadcastTo: (g, { x }, { shape }) => g.broadcast(x!, shape),
  Pack: pack,
  Unpack: unpack,
  Reverse: reverse,
  Fill: fill,
  ZerosLike: (g, { x }) => g.uniform(0, x!.shape, x!.type),
  OnesLike: (g, { x }) => g.uniform(1, x!.shape, x!.type),
  Range: range,
  LinSpace: linSpace,
};
