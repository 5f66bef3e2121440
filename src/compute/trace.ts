import type { Inputs, Shape, Spec, Specs, TensorFunction, Tensors } from './engine.ts';
import { cast } from './kernels/kernel.ts';
import { encode } from './onnx-encode.ts';
import { type ElementType, type Graph, graph, sizeOf, type Value } from './onnx-graph.ts';
import { tf } from './tf.ts';
import { TRACE, traceBackend } from './trace-backend.ts';

export type Port = { readonly name: string; readonly shape: Shape; readonly size: number };
export type InputPort = Port & { readonly dtype: Dtype };
/** `onnxName` is the output's name in the file: its own, unless an input has that one. */
export type OutputPort = Port & { readonly onnxName: string };
/** What is given at every run, and what stays. */
export type Ports = {
  readonly inputs: readonly InputPort[];
  readonly fixed: readonly (InputPort & { readonly values: Inputs[string] })[];
};
export type Trace = {
  /** A `.onnx` file. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  /** Operators in the graph before ONNX Runtime optimises it. */
  readonly nodes: number;
};
export type Dtype = 'float32' | 'int32' | 'uint8';

export const shapeOf = (spec: Spec): Shape => ('shape' in spec ? spec.shape : spec);
export const dtypeOf = (spec: Spec): Dtype => ('shape' in spec ? spec.dtype : 'float32');

/** The inputs that specs describe, and those of them that are fixed; throws `RangeError` where a shape is not one, or a constant does not have it. */
export function portsOf(specs: Specs, constants: Inputs = {}): Ports {
  const all = Object.entries(specs).map(([name, spec]): InputPort => {
    const shape = shapeOf(spec);
    if (!shape.every((length) => Number.isInteger(length) && length > 0)) {
      throw new RangeError(`the shape of input ${name} must be positive integers, got [${shape.join(', ')}]`);
    }
    return { name, shape, size: sizeOf(shape), dtype: dtypeOf(spec) };
  });
  const isFixed = ({ name }: InputPort) => constants[name] !== undefined;
  const fixed = all.filter(isFixed).map((port) => {
    const values = constants[port.name]!;
    if (values.length !== port.size)
      throw new RangeError(`constant ${port.name} must be ${port.size} values, got ${values.length}`);
    return { ...port, values };
  });
  return { inputs: all.filter((port) => !isFixed(port)), fixed };
}

/** The tensor of values that a caller handed over: bytes as floats. */
export const tensorOf = ({ shape, dtype }: InputPort, values: Inputs[string]): tf.Tensor =>
  tf.tensor(
    dtype === 'uint8' ? Float32Array.from(values) : values.slice(),
    [...shape],
    dtype === 'int32' ? 'int32' : 'float32',
  );

/**
 * Writes a tensor function down as an ONNX graph: calls it once with tensors that have shapes and no values, but for
 * constants, which are written into it. Outputs are floats. Throws what the function throws, and an `Error` naming the kernel that has no ONNX
 * form.
 */
export function trace(fn: TensorFunction, specs: Specs, constants: Inputs = {}): Trace {
  const { inputs, fixed } = portsOf(specs, constants);
  const g = graph();
  const results = record(g, fn, inputs, fixed);
  const outputs = Object.entries(results).map(([name, value]): OutputPort => {
    const onnxName = name in specs ? `${name}/next` : name;
    g.output(onnxName, cast(g, value, 'float'));
    return { name, shape: value.shape, size: sizeOf(value.shape), onnxName };
  });
  return { ...encode(g), inputs, outputs };
}

function record(g: Graph, fn: TensorFunction, inputs: Ports['inputs'], fixed: Ports['fixed']): Record<string, Value> {
  const backend = traceBackend();
  const previous = tf.getBackend() || 'cpu';
  const outer = backend.graph;
  tf.setBackend(TRACE);
  backend.graph = g;
  tf.engine().startScope('trace');
  try {
    const tensors: Tensors = {};
    for (const { name, shape, dtype } of inputs) {
      const type: ElementType = dtype === 'float32' ? 'float' : dtype;
      const input = g.input(name, shape, type);
      const value = dtype === 'uint8' ? floats(g, input) : input;
      tensors[name] = tf.engine().makeTensorFromTensorInfo(backend.tensor(value));
    }
    for (const port of fixed) tensors[port.name] = tensorOf(port, port.values);
    const results = fn(tensors);
    const values = Object.entries(results).map(([name, tensor]) => [name, backend.value(tensor)] as const);
    for (const tensor of Object.values(results)) tensor.dispose(); // some may be kept
    return Object.fromEntries(values);
  } catch (error) {
    throw named(error);
  } finally {
    tf.engine().endScope();
    backend.graph = outer;
    tf.setBackend(previous);
  }
}

/** Bytes as floats. ONNX Runtime dequantises on all threads, while it casts on one. */
const floats = (g: Graph, bytes: Value): Value =>
  g.node('DequantizeLinear', [bytes, g.uniform(1, [], 'float')], bytes.shape, 'float');

/** tfjs's complaint about a missing kernel, in our words. */
function named(error: unknown): unknown {
  const kernel =
    error instanceof Error && /Kernel '([^']+)' not registered|registered kernel '([^']+)'/.exec(error.message);
  if (!kernel) return error;
  return new Error(`kernel ${kernel[1] ?? kernel[2]} has no ONNX form: a tensor function must do without it`, {
    cause: error,
  });
}
