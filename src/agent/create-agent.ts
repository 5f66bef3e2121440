import { type Observable, of } from 'rxjs';
import { type Clock, realClock } from '../clock.ts';
import type { ActionSpec } from '../drivers/driver.ts';
import type { Imagination } from '../planner/imagination.ts';
import type { Planner } from '../planner/planner.ts';
import { type Random, seeded } from '../random.ts';
import { type Agent, type BodyOptions, body } from './body.ts';
import type { Goal } from './goal.ts';
import { type MindWatch, mind, type ThinkOptions } from './mind.ts';

export type AgentOptions = {
  readonly imagination: Imagination;
  readonly planner: Planner;
  /** What to reach; or, as a stream, what to reach from then on. */
  readonly goal: Goal | Observable<Goal>;
  /** The robot's. */
  readonly spec: ActionSpec;
  readonly clock?: Clock;
  readonly random?: Random;
} & ThinkOptions &
  MindWatch &
  Omit<BodyOptions, 'clock' | 'lost$'>;

/**
 * An agent in this process: perceive, deliberate, act, guard. Frames of another size than the model's are skipped (`onReject`);
 * a goal picture of another size is an error of the stream (`BadPicture`), and so is a planner or a model that throws, after rest.
 */
export function createAgent(options: AgentOptions): Agent {
  const {
    imagination,
    planner,
    goal,
    spec,
    clock = realClock(),
    random = seeded(0),
    replanMs = 0,
    silenceMs = 200,
  } = options;
  const goal$ = 'subscribe' in goal ? goal : of(goal);
  const think = mind({ imagination, planner, goal$, clock, random, options, watch: options });
  return body(think, spec, { tailMs: silenceMs + replanMs, ...options, clock });
}
