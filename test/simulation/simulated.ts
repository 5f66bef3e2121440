import type { ActionSpec } from '../../src/drivers/driver.ts';
import type { Fault } from './faults.ts';
import type { Violation } from './invariants.ts';

export type SimulateOptions = {
  readonly seed: number;
  /** Of the world, ms: faults until `faultsMs`, then none. */
  readonly lengthMs?: number;
  readonly faultsMs?: number;
  /** Faults that do not come, for comparing, and some that are there from the beginning. */
  readonly without?: ReadonlySet<Fault>;
  readonly lasting?: ReadonlySet<Fault>;
  /** One fault about so often instead of a swarm, ms. */
  readonly drizzleMs?: number;
  /** Told every hour of the world how many timers and listeners there are. */
  readonly onHour?: (hour: number, held: { readonly timers: number; readonly listeners: number }) => void;
  /** Told every event, for whoever looks into a seed. */
  readonly onTrace?: (line: string) => void;
};

export type Simulated = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** SHA-256 of all commands, with times. */
  readonly trace: string;
  readonly fired: ReadonlyMap<Fault, number>;
  readonly commands: number;
  readonly moved: number;
  /** How often people could arm the robot while there were faults. */
  readonly armings: number;
  /** Whether the goal was reached in the end; `ended` when the run was over before, on purpose or by its rules. */
  readonly reached: boolean;
  readonly ended: boolean;
  /** Motion that reached the robot more than a second after it had left, and how often the bridge froze. */
  readonly stale: number;
};

/** The third axis carries which thought an action is of. */
export const spec: ActionSpec = {
  low: [-1, -1, 0],
  high: [1, 1, 1e12],
  rest: [0, 0, 0],
  maxRate: [4, 2, Number.POSITIVE_INFINITY],
  maxAcceleration: [80, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  deadBand: [0.005, 0.005, 0],
  names: ['linear.x', 'linear.y', 'linear.z'],
};
