import { PremotorError, UnstablePhysics } from '../../src/errors.ts';
import type { MjData } from './bindings.ts';
import { unwound } from './load.ts';
import type { Span } from './parts.ts';

/** `mjtWarning`: after the last three MuJoCo has silently begun anew; after the first two it has left out contacts. */
const TROUBLE: readonly (readonly [kind: number, what: string])[] = [
  [1, 'more contacts than <size memory> has room for'],
  [2, 'more constraints than <size memory> has room for'],
  [3, 'a position is not a number'],
  [4, 'a velocity is not a number'],
  [5, 'an acceleration is not a number'],
];

/** Nothing moves faster than this by itself, m/s or rad/s. */
const ABSURD = 1e4;

/** What went wrong in the steps that led to this state, if anything. */
export function troubleOf(data: MjData, state: readonly number[], velocities: Span): string | undefined {
  const { warning } = data;
  for (const [kind, what] of TROUBLE) {
    const entry = warning.get(kind);
    const { number } = entry;
    entry.delete();
    if (number > 0) return what;
  }
  for (const value of state) if (!Number.isFinite(value)) return 'a number is not finite';
  for (let i = velocities.at; i < velocities.at + velocities.size; i++) {
    if (Math.abs(state[i]!) > ABSURD) return `a speed is ${state[i]!.toExponential(0)}`;
  }
  return undefined;
}

export function unstable(model: string, seconds: number, trouble: string): UnstablePhysics {
  const when = `at ${Number(seconds.toFixed(4))} s`;
  return new UnstablePhysics(`the simulation of '${model}' became unstable ${when}: ${trouble}`, {
    hint: 'the state, the action or the variations are too wild, the timestep too long, or <size memory> too small',
  });
}

/** Runs the engine; what it throws is told in one line, after `reset` has cleared what was half done. */
export function guard(model: string, reset: () => void): (work: () => void) => void {
  return (work) => {
    try {
      unwound(work);
    } catch (cause) {
      reset();
      const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
      throw new PremotorError(`the simulation of '${model}' failed: ${reason}`, {
        hint: 'the model may need more <size memory>',
        cause,
      });
    }
  };
}
