import { type Simulation, simulation } from './mujoco.ts';

/** Compiled models kept, about 2 MB each. */
const KEPT = 16;

const kept = new Map<string, Simulation>();

/**
 * The simulation of a model, compiled on its first use and forgotten when many others were used since. Ask for it for each
 * step or picture: a simulation carries nothing from one call to the next, so worlds of the same model share one, and worlds
 * need no dispose.
 */
export function simulationOf(mjcf: string): Simulation {
  const known = kept.get(mjcf);
  const used = known ?? simulation(mjcf);
  kept.delete(mjcf);
  kept.set(mjcf, used); // the newest is last
  if (kept.size > KEPT) {
    const [oldest, its] = kept.entries().next().value!;
    kept.delete(oldest);
    its.dispose();
  }
  return used;
}
