import type { Action, ActionSpec, Frame } from '../src/drivers/driver.ts';
import type { Random } from '../src/random.ts';
import type { Words } from '../src/worldmodel/words.ts';
import type { Camera, Geom, Scene } from './rasteriser/scene.ts';
import type { Sensed } from './rasteriser/sensor.ts';

/** Something taken hold of at a place, and where it is drawn to. */
export type Pull = { readonly body: string; readonly from: readonly number[]; readonly to: readonly number[] };

/** A simulated world: pure functions of a state that is plain data. */
export interface World<State> {
  readonly actionSpec: ActionSpec;
  /** Nominal time of one control step. */
  readonly periodMs: number;
  reset(random: Random): State;
  step(state: State, action: Action): State;
  /** A square picture of `size` pixels. */
  render(state: State, size: number, camera?: string): Frame;
  /** What a solid world is made of, and how its cameras stand, for those who draw it themselves. */
  view?(state: State): { readonly scene: Scene; readonly cameras: Readonly<Record<string, Camera>> };
  /**
   * Depth and segments of a square picture of `size` pixels, with the geoms that the segments count from 1 on; a solid world's
   * cameras only.
   */
  sense?(state: State, size: number, camera?: string): Sensed & { readonly geoms: readonly Geom[] };
  /**
   * The state with a thing drawn towards a place for one step: in a solid world the `body` of a geom, towards a place in m;
   * in a flat one whatever is nearest to `from`, in `[0, 1]^2` of the picture.
   */
  pull?(state: State, what: Pull): State;
  /** State -> numbers (`[stateSize]`) and back: recording, restoring, probing. */
  encodeState(state: State): number[];
  decodeState(values: ArrayLike<number>): State;
  /** Where the thing that matters is in the picture, `[0, 1]^2`; for pictures and probes. */
  locate(state: State): readonly [x: number, y: number];
  /** Where a mobile robot's wheels say it is, m and rad, and how fast it goes, m/s and rad/s. */
  odometry?(state: State): {
    readonly x: number;
    readonly y: number;
    readonly yaw: number;
    readonly v: number;
    readonly w: number;
  };
}

/** Chooses actions from the true state. */
export type Expert<State> = (state: State) => Action;

/** How one episode is played when data is collected. */
export interface Policy<State> {
  /** Where a recorded episode begins, given where the world would begin it: there unless given. */
  begin?(state: State): State;
  act(state: State): Action;
  /** The state a step led to, perhaps with a new errand in it. */
  next(state: State): State;
  /** Does the episode end here? */
  done(state: State): boolean;
}

/** Which pairs of start and goal are drawn from recorded episodes, and what counts as success. */
export type Protocol<State> = {
  readonly name: string;
  /** The world the episode runs in (rules may be stricter than those of the recorded data). */
  readonly world: World<State>;
  /** The variations that make the standard world this one, for whoever varies it further; none unless given. */
  readonly rules?: Readonly<Record<string, unknown>>;
  /** How episodes that it takes its pairs from are recorded; as the task says unless given. */
  readonly recorded?: { readonly policy: string; readonly variations: Readonly<Record<string, unknown>> };
  /** Raw steps from start to goal in the recording, and raw steps allowed. */
  readonly offset: number;
  readonly budget: number;
  /** Pairs are spread evenly over the episodes (else uniformly over the rows). */
  readonly balanced?: boolean;
  /** Is this recorded stretch (its `offset + 1` states) a fair pair? */
  eligible(recorded: readonly State[]): boolean;
  /** Judges the states visited so far, the start included. */
  success(visited: readonly State[], goal: State): boolean;
};

export type Key = { readonly does: string; readonly action: Action };

/** Draws values for some variations of a task, e.g. all its colours. */
export type Factor = (random: Random) => Readonly<Record<string, unknown>>;

/** A world with something to do in it. */
export interface Task<State = unknown> {
  readonly name: string;
  /** Loads what the worlds need before their first use: await it before `reset`, `step` or `render`. May be called often. */
  prepare?(): Promise<void>;
  /** Makes the world under named variations (e.g. `{ speed: 4 }`); none gives the standard one. */
  world(variations?: Readonly<Record<string, unknown>>): World<State>;
  /** Names of the variations, with what they do, for `--help` and errors. */
  readonly variations: Readonly<Record<string, string>>;
  /** What can be drawn anew for every episode, by name: values for some of the variations. */
  readonly factors?: Readonly<Record<string, Factor>>;
  /** Gets where the task wants it, calmly: what can be reached. `policies.expert` is the noisy one that records. */
  expert(world: World<State>, random: Random): Expert<State>;
  /** Ways to collect, by name; `random` (uniform actions) needs no entry. */
  readonly policies: Readonly<Record<string, (world: World<State>, random: Random) => Policy<State>>>;
  readonly maxSteps: number;
  /** How episodes that evaluation takes its pairs from are recorded. */
  readonly evaluation: { readonly policy: string; readonly variations: Readonly<Record<string, unknown>> };
  readonly stateNames: readonly string[];
  /** The state of every thing, in numbers that a linear probe may read off a latent: angles as cosine and sine. */
  objects?(world: World<State>, state: State): Readonly<Record<string, readonly number[]>>;
  /** A state in words: always the same things and sayings, some of which hold; left, right, top and bottom are those of the picture. */
  words?(world: World<State>, state: State): Words;
  readonly protocols: Readonly<Record<string, Protocol<State>>>;
  /** What suits the demo: the share of far goals, 0.8 unless given, and control steps a second, 20 unless given. */
  readonly demo?: { readonly far?: number; readonly rate?: number };
  /** A start and a goal for the demo; `far` asks for a hard one (in TwoRoom: the other room). */
  goal(world: World<State>, state: State, random: Random, far: boolean): State;
  /** The state with the thing that matters suddenly elsewhere: what cannot be. */
  teleport?(world: World<State>, state: State, random: Random): State;
  /** The state with the errand, for the expert, of getting where another is. */
  aimed?(state: State, goal: State): State;
  reached(state: State, goal: State): boolean;
  /** How a person drives: what each key (a `KeyboardEvent.code`) adds to the action. */
  readonly keys?: Readonly<Record<string, Key>>;
  /** The action that leads towards a place of the picture, `[0, 1]^2`. */
  toward?(world: World<State>, state: State, place: readonly [x: number, y: number]): Action;
  /** The state that a picture shows, to judge by when a goal is given as a picture alone. */
  read?(frame: Frame): State | undefined;
}

/** An action within the limits. Throws `RangeError` for one of another size or with numbers that are not finite. */
export function checkedAction({ low, high }: ActionSpec, action: Action): number[] {
  if (action.length !== low.length || !action.every(Number.isFinite)) {
    throw new RangeError(`action must be ${low.length} finite numbers, got [${action.join(', ')}]`);
  }
  return action.map((value, axis) => Math.min(high[axis]!, Math.max(low[axis]!, value)));
}
