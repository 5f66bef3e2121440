import type { Engine, Inputs, Outputs, Specs, TensorFunction } from './engine.ts';

/** A program that has its weights. */
export interface Weighted {
  run(inputs: Inputs): Promise<Outputs>;
  dispose(): Promise<void>;
}

/** Compiles a function and hands it those of `given` that it asks for, once: with its first run. */
export async function compileWith(engine: Engine, fn: TensorFunction, specs: Specs, given: Inputs): Promise<Weighted> {
  const program = await engine.compile(fn, specs);
  let pending: Inputs = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(specs, name)));
  return {
    run(inputs) {
      const all = { ...pending, ...inputs };
      pending = {};
      return program.run(all);
    },
    dispose: () => program.dispose(),
  };
}
