import type { InferenceSession, Tensor as OrtTensor, TypedTensor } from 'onnxruntime-common';
import type { CompileOptions, Inputs, Outputs } from './engine.ts';
import type { InputPort, OutputPort } from './trace.ts';

/** The part of onnxruntime-node and onnxruntime-web that is used. */
export type Runtime = {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof OrtTensor;
};

export type ProgramSource = {
  readonly bytes: Uint8Array;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly feedback: NonNullable<CompileOptions['feedback']>;
};

/** A loaded graph and the present values of its inputs. */
export interface Session {
  run(inputs: Inputs): Promise<Outputs>;
  read(names: readonly string[]): Promise<Outputs>;
  release(): Promise<void>;
}

type Buffers = Record<string, OrtTensor>;

/**
 * Loads a graph. Outputs that feed back are never copied: with `pingPong` they are written into one of two sets of
 * buffers while the other one is read (memory stays flat), else they are the runtime's own.
 */
export async function openSession(
  { InferenceSession, Tensor }: Runtime,
  { bytes, inputs, outputs, feedback }: ProgramSource,
  options: InferenceSession.SessionOptions,
  pingPong: boolean,
): Promise<Session> {
  const session = await InferenceSession.create(bytes, options);
  const ports = new Map(inputs.map((port) => [port.name, port]));
  const feeds: Buffers = {};
  const spare: Buffers = {};
  const returned = outputs.filter(({ name }) => feedback[name] === undefined);
  const looped = outputs.filter(({ name }) => feedback[name] !== undefined);

  const fetches = (): Record<string, OrtTensor | null> => {
    const wanted: Record<string, OrtTensor | null> = {};
    for (const { onnxName } of returned) wanted[onnxName] = null;
    for (const { name, onnxName, shape, size } of looped) {
      spare[name] ??= new Tensor('float32', new Float32Array(size), shape);
      wanted[onnxName] = pingPong ? spare[name] : null;
    }
    return wanted;
  };

  return {
    async run(given) {
      for (const [name, data] of Object.entries(given)) {
        const { dtype, shape } = ports.get(name)!;
        feeds[name] = new Tensor(dtype as 'float32', unshared(data) as Float32Array, shape);
      }
      const wanted = pingPong ? fetches() : outputs.map(({ onnxName }) => onnxName);
      const results = await session.run(feeds, wanted as InferenceSession.FetchesType);
      for (const { name, onnxName } of looped) {
        const input = feedback[name]!;
        const old = feeds[input]!;
        feeds[input] = results[onnxName]!;
        // The caller's first array is its own; after that the two buffers change places.
        spare[name] = old;
      }
      return Object.fromEntries(returned.map(({ name, onnxName }) => [name, floats(results[onnxName]!)]));
    },
    read: async (names) => Object.fromEntries(names.map((name) => [name, Float32Array.from(floats(feeds[name]!))])),
    release: () => session.release(),
  };
}

const floats = (tensor: OrtTensor): Float32Array => (tensor as TypedTensor<'float32'>).data;

/** ONNX Runtime refuses arrays of shared memory. */
function unshared(data: Float32Array | Int32Array | Uint8Array): Float32Array | Int32Array | Uint8Array {
  return data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
}
