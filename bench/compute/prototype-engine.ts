import ort from 'onnxruntime-node';
import type { Engine, Inputs, Outputs, Spec, TensorFunction, Tensors } from '../../src/compute/engine.ts';

type PrototypeGraph = { encode(): Uint8Array };
type PrototypeTrace = (shapes: Record<string, readonly number[]>, fn: TensorFunction) => PrototypeGraph;

const shapeOf = (spec: Spec): readonly number[] => ('shape' in spec ? spec.shape : spec);

/** The prototype's graph behind our interface: float inputs only, in the caller's thread, outputs as the next inputs. */
export function prototypeEngine(threads: number): Engine {
  return {
    name: `prototype (onnxruntime-node, cpu, ${threads} threads)`,
    blocking: true,
    async compile(fn, specs, { feedback = {} } = {}) {
      const module = './prototype/trace.mjs'; // JavaScript without types
      const { trace } = (await import(module)) as { trace: PrototypeTrace };
      const shapes = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [`in/${name}`, shapeOf(spec)]));
      const bytes = trace(shapes, (tensors) => renamed(fn, tensors)).encode();
      const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: threads, interOpNumThreads: 1 });
      const feeds: Record<string, ort.Tensor> = {};
      return {
        async run(inputs: Inputs) {
          for (const [name, data] of Object.entries(inputs)) {
            feeds[`in/${name}`] = new ort.Tensor('float32', Float32Array.from(data), shapes[`in/${name}`]!);
          }
          const results = await session.run(feeds);
          const outputs: Outputs = {};
          for (const [name, tensor] of Object.entries(results)) {
            if (feedback[name] === undefined) outputs[name] = tensor.data as Float32Array;
            else feeds[`in/${feedback[name]}`] = tensor;
          }
          return outputs;
        },
        read: async (names) =>
          Object.fromEntries(names.map((name) => [name, Float32Array.from(feeds[`in/${name}`]!.data as Float32Array)])),
        dispose: () => session.release(),
      };
    },
    dispose: async () => {},
  };
}

/** The prototype gives inputs and outputs one space of names: inputs are prefixed. */
function renamed(fn: TensorFunction, tensors: Tensors): Tensors {
  const inputs = Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name.slice('in/'.length), tensor]),
  );
  return Object.fromEntries(Object.entries(fn(inputs)).map(([name, tensor]) => [name, tensor]));
}
