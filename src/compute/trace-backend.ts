import { convolutionForms } from './kernels/convolution.ts';
import { elementwiseForms } from './kernels/elementwise.ts';
import { indexingForms } from './kernels/indexing.ts';
import type { KernelForms } from './kernels/kernel.ts';
import { matMulForms } from './kernels/matmul.ts';
import { reductionForms } from './kernels/reductions.ts';
import { shapeForms } from './kernels/shapes.ts';
import type { ConstantData, ElementType, Graph, Value } from './onnx-graph.ts';
import { tf } from './tf.ts';

export const TRACE = 'premotor-trace';

const kernelForms: KernelForms = {
  ...elementwiseForms,
  ...shapeForms,
  ...reductionForms,
  ...matMulForms,
  ...convolutionForms,
  ...indexingForms,
};

type Entry = {
  readonly shape: number[];
  readonly dtype: tf.DataType;
  readonly data?: tf.backend_util.BackendValues;
  readonly graph?: Graph;
  readonly value?: Value;
};

/** A tfjs backend that writes kernels down in a graph instead of computing them. tfjs's own gradients are kernels, too. */
class TraceBackend extends tf.KernelBackend {
  graph: Graph | undefined;
  readonly #entries = new tf.DataStorage<Entry>(this, tf.engine());

  override write(data: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.#entries.set(dataId, { shape, dtype, data });
    return dataId;
  }

  override move(dataId: object, data: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.#entries.set(dataId, { shape, dtype, data });
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { data } = this.#entries.get(dataId);
    if (data === undefined) {
      throw new TypeError(
        'a traced tensor has no values: data() and dataSync() must not be called in a tensor function',
      );
    }
    return data;
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override numDataIds(): number {
    return this.#entries.numDataIds();
  }

  override disposeData(dataId: object): boolean {
    if (this.#entries.has(dataId)) this.#entries.delete(dataId);
    return true;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override timerAvailable(): boolean {
    return false;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override dispose(): void {}

  /** A tensor for a value of the graph. */
  tensor(value: Value): tf.TensorInfo {
    const dataId = {};
    const shape = [...value.shape];
    const dtype = dtypeOf(value.type);
    this.#entries.set(dataId, { shape, dtype, graph: this.graph!, value });
    return { dataId, shape, dtype };
  }

  /** The value of a tensor; one made from data becomes a constant of the graph. */
  value({ dataId, shape, dtype }: tf.TensorInfo): Value {
    const entry = this.#entries.get(dataId);
    if (entry.value !== undefined && entry.graph === this.graph) return entry.value;
    if (entry.data === undefined)
      throw new TypeError('a tensor of another tensor function must not be used in this one');
    const value = this.graph!.constant(constantData(entry.data, dtype), shape, elementType(dtype));
    this.#entries.set(dataId, { ...entry, graph: this.graph!, value });
    return value;
  }
}

function dtypeOf(type: ElementType): tf.DataType {
  if (type === 'float') return 'float32';
  if (type === 'int32' || type === 'bool') return type;
  throw new TypeError(`a tensor must be float, int32 or bool, got ${type}`);
}

function elementType(dtype: tf.DataType): ElementType {
  if (dtype === 'float32') return 'float';
  if (dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TypeError(`a traced tensor must be float32, int32 or bool, got ${dtype}`);
}

function constantData(data: tf.backend_util.BackendValues, dtype: tf.DataType): ConstantData {
  if (dtype === 'float32') return Float32Array.from(data as Float32Array);
  return dtype === 'int32' ? Int32Array.from(data as Int32Array) : Uint8Array.from(data as Uint8Array);
}

let registered: TraceBackend | undefined;

/** The one tracing backend, registered with tfjs at first use. */
export function traceBackend(): TraceBackend {
  if (registered !== undefined) return registered;
  const backend = new TraceBackend();
  registered = backend;
  tf.registerBackend(TRACE, () => backend, 0); // of least priority: tfjs must never choose it by itself
  for (const [kernelName, form] of Object.entries(kernelForms)) {
    tf.registerKernel({
      kernelName,
      backendName: TRACE,
      kernelFunc: ({ inputs, attrs }) => {
        const operands: Record<string, Value> = {};
        for (const [name, tensor] of Object.entries(inputs)) {
          if (tensor !== undefined && tensor !== null) operands[name] = backend.value(tensor as tf.TensorInfo);
        }
        const result = form(backend.graph!, operands, attrs ?? {});
        return Array.isArray(result) ? result.map((value) => backend.tensor(value)) : backend.tensor(result);
      },
    });
  }
  return registered;
}
