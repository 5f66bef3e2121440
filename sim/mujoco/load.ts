import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PremotorError } from '../../src/errors.ts';
import type { Mujoco } from './bindings.ts';

/** MuJoCo, and the pointer of its stack: what it throws leaves the stack where it was thrown, some 6 KB deep of 64. */
type Engine = Mujoco & { readonly stack: Stack };
type Stack = { emscripten_stack_get_current(): number; _emscripten_stack_restore(pointer: number): void };

let engine: Engine | undefined;
let loading: Promise<Engine> | undefined;

/** Loads MuJoCo (10 MB, a few tenths of a second) once in a thread; `simulation` needs it. */
export async function loadMujoco(): Promise<void> {
  loading ??= instantiate();
  engine = await loading;
}

export function loaded(): Mujoco {
  return ready();
}

/** Runs what MuJoCo may throw from in the middle, and puts its stack back if it does. */
export function unwound<T>(work: () => T): T {
  const { stack } = ready();
  const pointer = stack.emscripten_stack_get_current();
  try {
    return work();
  } catch (error) {
    stack._emscripten_stack_restore(pointer);
    throw error;
  }
}

function ready(): Engine {
  if (!engine) throw new Error('MuJoCo must be loaded first: await task.prepare()');
  return engine;
}

async function instantiate(): Promise<Engine> {
  try {
    const { default: create } = await import('@mujoco/mujoco');
    const file = createRequire(import.meta.url).resolve('@mujoco/mujoco/mujoco.wasm');
    const program = await WebAssembly.compile(await readFile(file));
    let stack: Stack | undefined;
    const mujoco = await create({
      // It would print its warnings; they come back as errors instead.
      print: () => {},
      printErr: () => {},
      instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => {
        void WebAssembly.instantiate(program, imports).then((instance) => {
          stack = instance.exports as unknown as Stack;
          done(instance);
        });
        return {};
      },
    });
    return Object.assign(mujoco as unknown as Mujoco, { stack: stack! });
  } catch (cause) {
    loading = undefined;
    throw new PremotorError('MuJoCo cannot be loaded', { hint: 'npm ci installs it', cause });
  }
}
