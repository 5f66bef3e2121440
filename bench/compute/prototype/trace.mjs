// The first prototype of the tracer, kept as it was measured: the baseline that `src/compute` is compared with.
// Not used by the product.
// A tfjs backend that records kernels instead of computing them, and writes the record as an ONNX graph.
// Gradients come from tfjs itself: tf.valueAndGrads dispatches ordinary kernels, and those are recorded too.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs'; // registers the gradients and the cpu backend
import { Graph, sizeOf } from './onnx-writer.mjs';

/** How often each kernel was recorded in the last trace. */
export const kernelCounts = new Map();

class TraceBackend extends tf.KernelBackend {
  graph = new Graph();
  entries = new Map(); // dataId -> { shape, dtype, data?, value? }

  // --- what tfjs asks of a backend
  write(data, shape, dtype) {
    const dataId = {};
    this.entries.set(dataId, { shape, dtype, data });
    return dataId;
  }

  move(dataId, data, shape, dtype) {
    this.entries.set(dataId, { shape, dtype, data });
  }

  readSync(dataId) {
    const { data } = this.entries.get(dataId);
    if (data === undefined) throw new Error('a traced tensor has no values: do not read it inside a traced function');
    return data;
  }

  async read(dataId) {
    return this.readSync(dataId);
  }

  numDataIds() {
    return this.entries.size;
  }

  disposeData() {
    return true; // entries live until the trace ends
  }

  refCount() {
    return 1;
  }

  incRef() {}

  timerAvailable() {
    return false;
  }

  floatPrecision() {
    return 32;
  }

  epsilon() {
    return 1e-7;
  }

  memory() {
    return { unreliable: true };
  }

  dispose() {}

  // --- what kernels ask of it
  /** The graph value of a tensor; a tensor made from data becomes a constant of the graph. */
  valueOf({ dataId, shape }) {
    const entry = this.entries.get(dataId);
    entry.value ??= this.graph.constant(shape ?? entry.shape, Float32Array.from(entry.data));
    return entry.value;
  }

  tensorOf(value, shape, dtype = 'float32') {
    const dataId = {};
    this.entries.set(dataId, { shape, dtype, value: { name: value.name, shape } });
    return { dataId, shape, dtype };
  }

  filled(shape, number, dtype = 'float32') {
    return { dataId: this.write(new Float32Array(sizeOf(shape)).fill(number), shape, dtype), shape, dtype };
  }
}

const backend = new TraceBackend();
tf.registerBackend('trace', () => backend);

const broadcast = tf.broadcast_util.assertAndGetBroadcastShape;
const positive = (axis, rank) => (axis < 0 ? axis + rank : axis);
const ints = (values) => backend.graph.int64(values);
const value = (info) => backend.valueOf(info);

/** Records one operator and returns its output as a tensor. */
function emit(op, inputs, shape, attributes, domain) {
  return backend.tensorOf(backend.graph.node(op, inputs, shape, attributes, domain), shape);
}

function kernel(kernelName, record) {
  tf.registerKernel({
    kernelName,
    backendName: 'trace',
    kernelFunc: ({ inputs, attrs }) => {
      kernelCounts.set(kernelName, (kernelCounts.get(kernelName) ?? 0) + 1);
      return record(inputs, attrs ?? {});
    },
  });
}

// --- elementwise, two inputs
const binary = { Add: 'Add', Sub: 'Sub', Multiply: 'Mul', RealDiv: 'Div', Maximum: 'Max', Minimum: 'Min', Pow: 'Pow' };
for (const [name, op] of Object.entries(binary)) {
  kernel(name, ({ a, b }) => emit(op, [value(a), value(b)], broadcast(a.shape, b.shape)));
}

kernel('SquaredDifference', ({ a, b }) => {
  const shape = broadcast(a.shape, b.shape);
  const difference = backend.graph.node('Sub', [value(a), value(b)], shape);
  return emit('Mul', [difference, difference], shape);
});

kernel('Greater', ({ a, b }) => {
  const shape = broadcast(a.shape, b.shape);
  return backend.tensorOf(backend.graph.node('Greater', [value(a), value(b)], shape), shape, 'bool');
});

// --- elementwise, one input
const unary = [
  'Neg',
  'Exp',
  'Log',
  'Sqrt',
  'Tanh',
  'Sigmoid',
  'Sin',
  'Cos',
  'Erf',
  'Abs',
  'Sign',
  'Relu',
  'Reciprocal',
];
for (const name of unary) {
  kernel(name, ({ x }) => emit(name, [value(x)], x.shape));
}

kernel('Square', ({ x }) => emit('Mul', [value(x), value(x)], x.shape));

kernel('Rsqrt', ({ x }) => emit('Reciprocal', [backend.graph.node('Sqrt', [value(x)], x.shape)], x.shape));

/** The gradient of relu asks for this one; alpha is 0 there. */
kernel('Step', ({ x }) => emit('Relu', [backend.graph.node('Sign', [value(x)], x.shape)], x.shape));

kernel('Softmax', ({ logits }, { dim }) => emit('Softmax', [value(logits)], logits.shape, { axis: dim }));

// --- shapes
kernel('Identity', ({ x }) => backend.tensorOf(value(x), x.shape, x.dtype));

kernel('Cast', ({ x }, { dtype }) => {
  const { data } = backend.entries.get(x.dataId);
  if (data === undefined) return backend.tensorOf(value(x), x.shape, dtype);
  const typed = dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
  return { dataId: backend.write(typed, x.shape, dtype), shape: x.shape, dtype };
});

function reshaped(x, shape) {
  return backend.tensorOf(backend.graph.node('Reshape', [value(x), ints(shape)], shape), shape, x.dtype);
}

kernel('Reshape', ({ x }, { shape }) => reshaped(x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))));

kernel('ExpandDims', ({ input }, { dim }) => {
  const shape = input.shape.slice();
  shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
  return reshaped(input, shape);
});

kernel('Transpose', ({ x }, { perm }) =>
  emit(
    'Transpose',
    [value(x)],
    perm.map((axis) => x.shape[axis]),
    { perm },
  ),
);

kernel('Concat', (inputs, { axis }) => {
  const parts = Object.values(inputs).filter((part) => sizeOf(part.shape) > 0);
  const shape = parts[0].shape.slice();
  const along = positive(axis, shape.length);
  shape[along] = parts.reduce((total, part) => total + part.shape[along], 0);
  return emit('Concat', parts.map(value), shape, { axis: along });
});

kernel('Slice', ({ x }, { begin, size }) => {
  const [starts, shape] = tf.slice_util.parseSliceParams(x, begin, size);
  const ends = starts.map((start, axis) => start + shape[axis]);
  const axes = starts.map((_, axis) => axis);
  return emit('Slice', [value(x), ints(starts), ints(ends), ints(axes)], shape);
});

kernel('SplitV', ({ x }, { numOrSizeSplits, axis }) => {
  const along = positive(axis, x.shape.length);
  let start = 0;
  return tf.backend_util.prepareSplitSize(x, numOrSizeSplits, along).map((size) => {
    const shape = x.shape.slice();
    shape[along] = size;
    const part = emit('Slice', [value(x), ints([start]), ints([start + size]), ints([along])], shape);
    start += size;
    return part;
  });
});

kernel('PadV2', ({ x }, { paddings }) => {
  const shape = x.shape.map((size, axis) => size + paddings[axis][0] + paddings[axis][1]);
  const before = paddings.map((pair) => pair[0]);
  const after = paddings.map((pair) => pair[1]);
  return emit('Pad', [value(x), ints([...before, ...after])], shape); // pads with 0
});

kernel('Tile', ({ x }, { reps }) => {
  const shape = x.shape.map((size, axis) => size * reps[axis]);
  const onlyOnes = x.shape.every((size, axis) => size === 1 || reps[axis] === 1);
  return onlyOnes ? emit('Expand', [value(x), ints(shape)], shape) : emit('Tile', [value(x), ints(reps)], shape);
});

// --- added for the product's models: stack and its gradient
kernel('Pack', (inputs, { axis }) => {
  const parts = Object.values(inputs);
  const along = positive(axis, parts[0].shape.length + 1);
  const rows = parts.map((part) => reshaped(part, [...part.shape.slice(0, along), 1, ...part.shape.slice(along)]));
  const shape = rows[0].shape.slice();
  shape[along] = rows.length;
  return emit('Concat', rows.map(value), shape, { axis: along });
});

kernel('Unpack', ({ value: x }, { axis }) => {
  const along = positive(axis, x.shape.length);
  const row = x.shape.map((size, i) => (i === along ? 1 : size));
  const shape = x.shape.filter((_, i) => i !== along);
  return Array.from({ length: x.shape[along] }, (_, i) => {
    const part = emit('Slice', [value(x), ints([i]), ints([i + 1]), ints([along])], row);
    return reshaped(part, shape);
  });
});

// --- constants
kernel('Fill', (_, { shape, value: number, dtype }) => backend.filled(shape, number, dtype));
kernel('ZerosLike', ({ x }) => backend.filled(x.shape, 0));
kernel('OnesLike', ({ x }) => backend.filled(x.shape, 1));

// --- reductions
const reductions = { Sum: 'ReduceSum', Mean: 'ReduceMean', Max: 'ReduceMax', Min: 'ReduceMin' };
for (const [name, op] of Object.entries(reductions)) {
  kernel(name, ({ x }, { axis, keepDims }) => {
    const axes = tf.util.parseAxisParam(axis, x.shape);
    if (axes.length === 0) return backend.tensorOf(value(x), x.shape);
    const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const shape = keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i));
    return emit(op, [value(x), ints(axes)], shape, { keepdims: keepDims ? 1 : 0 });
  });
}

// --- matrix products: Gemm for plain matrices, FusedMatMul (transposes included) for batches
kernel('BatchMatMul', ({ a, b }, { transposeA, transposeB }) => {
  const rows = a.shape.at(transposeA ? -1 : -2);
  const columns = b.shape.at(transposeB ? -2 : -1);
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  const transposes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };

  if (sizeOf(batch) !== 1) {
    return emit('FusedMatMul', [value(a), value(b)], shape, { ...transposes, alpha: { float: 1 } }, 'com.microsoft');
  }
  const asMatrix = (x) => {
    const matrix = x.shape.slice(-2);
    return backend.graph.node('Reshape', [value(x), ints(matrix)], matrix);
  };
  const product = backend.graph.node('Gemm', [asMatrix(a), asMatrix(b)], [rows, columns], transposes);
  return emit('Reshape', [product, ints(shape)], shape);
});

/**
 * Runs `compute` on named placeholders and returns what it did as a graph.
 * @param {Record<string, number[]>} shapes shapes of the inputs, by name
 * @param {(tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>} compute
 */
export function trace(shapes, compute) {
  const previous = tf.getBackend() ?? 'cpu';
  tf.setBackend('trace');
  backend.graph = new Graph();
  backend.entries.clear();
  kernelCounts.clear();
  tf.engine().startScope('trace');
  try {
    const tensors = {};
    for (const [name, shape] of Object.entries(shapes)) {
      const placeholder = backend.tensorOf(backend.graph.input(name, shape), shape);
      tensors[name] = tf.engine().makeTensorFromTensorInfo(placeholder);
    }
    for (const [name, tensor] of Object.entries(compute(tensors))) {
      backend.graph.output(name, { ...backend.valueOf(tensor), shape: tensor.shape });
    }
    return backend.graph;
  } finally {
    tf.engine().endScope();
    backend.entries.clear();
    tf.setBackend(previous);
  }
}
