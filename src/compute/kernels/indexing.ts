import type { Shape } from '../engine.ts';
import type { Graph, Value } from '../onnx-graph.ts';
import { select } from './elementwise.ts';
import { cast, elementwise, fromFront, type KernelForm, type KernelForms, reshape } from './kernel.ts';

const gather: KernelForm = (g, { x, indices }, { axis, batchDims = 0 }) => {
  if (batchDims !== 0) throw new RangeError(`batchDims of a traced gather must be 0, got ${batchDims}`);
  const dim = fromFront(axis, x!.shape.length);
  const shape = [...x!.shape.slice(0, dim), ...indices!.shape, ...x!.shape.slice(dim + 1)];
  return g.node('Gather', [x!, cast(g, indices!, 'int32')], shape, x!.type, { attributes: { axis: dim } });
};

const gatherNd: KernelForm = (g, { params, indices }) => {
  const depth = indices!.shape.at(-1)!;
  const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
  return g.node('GatherND', [params!, cast(g, indices!, 'int64')], shape, params!.type);
};

/** `updates` added into zeros at `indices`, `[..., depth of an index]`. */
function scatter(g: Graph, indices: Value, updates: Value, shape: Shape): Value {
  const zeros = g.uniform(0, shape, updates.type);
  const operands = [zeros, cast(g, indices, 'int64'), updates];
  return g.node('ScatterND', operands, shape, updates.type, { attributes: { reduction: 'add' } });
}

/** The gradient of gather: rows with the same index are added up. */
const segmentSum: KernelForm = (g, { x, segmentIds }, { numSegments }) => {
  const indices = reshape(g, segmentIds!, [...segmentIds!.shape, 1]);
  return scatter(g, indices, x!, [numSegments, ...x!.shape.slice(segmentIds!.shape.length)]);
};

const oneHot: KernelForm = (g, { indices }, { depth, onValue, offValue, dtype }) => {
  const classes = g.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  const column = reshape(g, cast(g, indices!, 'int32'), [...indices!.shape, 1]);
  const hit = elementwise(g, 'Equal', [column, classes], { type: 'bool' });
  const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float';
  if (onValue === 1 && offValue === 0) return cast(g, hit, type);
  return select(g, hit, g.uniform(onValue, [], type), g.uniform(offValue, [], type));
};

export const indexingForms: KernelForms = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: (g, { indices, updates }, { shape }) => scatter(g, indices!, updates!, shape),
  UnsortedSegmentSum: segmentSum,
  OneHot: oneHot,
};
