import util from 'node:util';
import { EngineUnavailable } from '../errors.ts';
import { checkFeedback, inputCheck } from './checks.ts';
import type { Engine, Inputs, Outputs, Program, TensorFunction, Tensors } from './engine.ts';
import { tf } from './tf.ts';
import { type Ports, portsOf, tensorOf } from './trace.ts';

export type TfjsBackend = 'node-gpu' | 'node' | 'wasm' | 'cpu';

/**
 * Runs tensor functions eagerly on a tfjs backend: the reference for tests, and the door to `tfjs-node-gpu`. Blocks the
 * caller's event loop. Throws `EngineUnavailable` if the backend is not installed or cannot start.
 */
export async function tfjsEngine({ backend }: { readonly backend: TfjsBackend }): Promise<Engine> {
  const name = await register(backend).catch((cause: Error) => {
    throw new EngineUnavailable(`tfjs backend ${backend} cannot start: ${cause.message.split('\n')[0]}`, {
      hint: HINTS[backend],
      cause,
    });
  });
  const within = <Result>(work: () => Result): Result => {
    const previous = tf.getBackend();
    tf.setBackend(name); // at once, since the backend has started
    try {
      return work();
    } finally {
      if (previous) tf.setBackend(previous);
    }
  };
  const programs = new Set<Program>();

  return {
    name: `tfjs (${backend}, eager)`,
    blocking: true,
    async compile(fn, specs, { feedback = {}, constants } = {}) {
      const program = eager(fn, portsOf(specs, constants), feedback, within);
      programs.add(program);
      return program;
    },
    async dispose() {
      for (const program of programs) await program.dispose();
    },
  };
}

type Within = <Result>(work: () => Result) => Result;

function eager(
  fn: TensorFunction,
  { inputs: ports, fixed }: Ports,
  feedback: Readonly<Record<string, string>>,
  within: Within,
): Program {
  const check = inputCheck(ports);
  const values: Tensors = within(() =>
    Object.fromEntries(fixed.map((port) => [port.name, tf.keep(tensorOf(port, port.values))])),
  );
  let checked = false;
  let disposed = false;

  const give = (inputs: Inputs) => {
    for (const port of ports) {
      const data = inputs[port.name];
      if (data === undefined) continue;
      values[port.name]?.dispose();
      values[port.name] = tf.keep(tensorOf(port, data));
    }
  };
  const call = (): Outputs => {
    const results = tf.tidy(() => fn({ ...values }));
    const outputs: Outputs = {};
    try {
      if (!checked) {
        checkFeedback(
          feedback,
          ports,
          Object.entries(results).map(([name, { shape, size }]) => ({ name, shape, size })),
        );
        checked = true;
      }
      const next = new Map<string, tf.Tensor>();
      for (const [name, tensor] of Object.entries(results)) {
        const input = feedback[name];
        if (input === undefined) outputs[name] = Float32Array.from(tensor.dataSync());
        else next.set(input, tf.keep(tensor.clone())); // a function may return an input as it is
      }
      for (const [input, tensor] of next) {
        values[input]?.dispose();
        values[input] = tensor;
      }
    } finally {
      const held = new Set(Object.values(values).map(({ id }) => id));
      for (const tensor of new Set(Object.values(results)))
        if (!held.has(tensor.id) && !tensor.isDisposed) tensor.dispose();
    }
    return outputs;
  };
  const alive = () => {
    if (disposed) throw new Error('a disposed program must not be used');
  };

  return {
    async run(inputs) {
      alive();
      check.accept(inputs);
      return within(() => {
        give(inputs);
        return call();
      });
    },
    async read(names) {
      alive();
      check.acceptRead(names);
      return within(() => Object.fromEntries(names.map((name) => [name, Float32Array.from(values[name]!.dataSync())])));
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      within(() => {
        for (const tensor of Object.values(values)) tensor.dispose();
      });
    },
  };
}

const HINTS: Record<TfjsBackend, string> = {
  'node-gpu': 'npm install @tensorflow/tfjs-node-gpu (needs CUDA 11.2 and cuDNN 8.1)',
  node: 'npm install @tensorflow/tfjs-node',
  wasm: 'npm install @tensorflow/tfjs-backend-wasm',
  cpu: 'npm install @tensorflow/tfjs',
};

/** Imports a backend and returns the name under which tfjs knows it. */
async function register(backend: TfjsBackend): Promise<string> {
  const name = backend === 'node-gpu' || backend === 'node' ? 'tensorflow' : backend;
  if (name === 'tensorflow') {
    // tfjs-node 4.22 calls two functions that Node 23 took away.
    const old = util as unknown as Record<string, unknown>;
    old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
    old.isArray ??= Array.isArray;
    const specifier = `@tensorflow/tfjs-${backend}`; // computed: it need not be installed
    await import(specifier);
  } else if (name === 'wasm') {
    await import('@tensorflow/tfjs-backend-wasm');
  }
  const previous = tf.getBackend();
  if (!(await tf.setBackend(name))) throw new Error(`tfjs cannot start ${name} here`);
  if (previous && previous !== name) tf.setBackend(previous);
  return name;
}
