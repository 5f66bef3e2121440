import type { CompileOptions, Inputs } from './engine.ts';
import type { InputPort, Port } from './trace.ts';

/** Refuses inputs that a program does not have, of the wrong kind or length, and ones never given. */
export interface InputCheck {
  accept(inputs: Inputs): void;
  acceptRead(names: readonly string[]): void;
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

export function inputCheck(ports: readonly InputPort[]): InputCheck {
  const byName = new Map(ports.map((port) => [port.name, port]));
  const given = new Set<string>();
  const known = (name: string) => {
    const port = byName.get(name);
    if (port === undefined) {
      throw new RangeError(`input ${name} must be one of ${[...byName.keys()].join(', ')}`);
    }
    return port;
  };
  const requireGiven = (name: string, size: number, dtype: string) => {
    if (!given.has(name)) throw new RangeError(`input ${name} must be ${size} ${dtype} values, got none yet`);
  };

  return {
    accept(inputs) {
      for (const [name, data] of Object.entries(inputs)) {
        const { dtype, size } = known(name);
        const right = data instanceof ARRAYS[dtype];
        if (right && data.length === size) continue;
        throw new RangeError(
          `input ${name} must be ${ARRAYS[dtype].name} of ${size} values, got ${data?.constructor.name} of ${data?.length}`,
        );
      }
      for (const name of Object.keys(inputs)) given.add(name);
      for (const { name, size, dtype } of ports) requireGiven(name, size, dtype);
    },
    acceptRead(names) {
      for (const name of names) requireGiven(name, known(name).size, known(name).dtype);
    },
  };
}

/** Refuses feedback between ports that do not exist or do not fit. */
export function checkFeedback(
  feedback: NonNullable<CompileOptions['feedback']>,
  inputs: readonly InputPort[],
  outputs: readonly Port[],
): void {
  const targets = new Set<string>();
  for (const [from, to] of Object.entries(feedback)) {
    const output = outputs.find(({ name }) => name === from);
    const input = inputs.find(({ name }) => name === to);
    if (output === undefined) throw new RangeError(`feedback from ${from} must be from an output, got no such output`);
    if (input === undefined) throw new RangeError(`feedback to ${to} must be to an input, got no such input`);
    if (targets.has(to)) throw new RangeError(`feedback to ${to} must be from one output, got two`);
    targets.add(to);
    if (input.dtype !== 'float32' || input.shape.join() !== output.shape.join()) {
      throw new RangeError(
        `feedback from ${from} to ${to} must be float32 [${output.shape.join(', ')}], got ${input.dtype} [${input.shape.join(', ')}]`,
      );
    }
  }
}
