import type { Engine, Inputs, Outputs, Specs, Tensors } from '../compute/engine.ts';
import { initialise, type ParamSpecs } from '../compute/layers.ts';
import { tf } from '../compute/tf.ts';
import type { Random } from '../random.ts';
import { adamw, adamwFeedback, adamwScalars, isMoment, momentNames } from './adamw.ts';

export type TrainerOptions = {
  readonly params: ParamSpecs;
  readonly inputs: Specs;
  /** Scalars by name; `total` is what is minimised, the others are reported. */
  readonly loss: (
    params: Tensors,
    inputs: Tensors,
  ) => { readonly total: tf.Scalar } & Readonly<Record<string, tf.Scalar>>;
  /** Weights that follow others: after every step `share` of themselves and the rest of the new ones, by their names. */
  readonly followers?: { readonly share: number; readonly of: Readonly<Record<string, string>> };
  readonly weightDecay?: number;
  readonly clipNorm?: number;
  /** Weights to begin with, by name; those not given are drawn. */
  readonly start?: Readonly<Record<string, Float32Array>> | undefined;
};

/** Weights and moments by name; all that a later `load` needs. */
export type TrainerState = Record<string, Float32Array>;

/** The weights alone. */
export const weightsIn = (state: TrainerState): TrainerState =>
  Object.fromEntries(Object.entries(state).filter(([name]) => !isMoment(name)));

/** One compiled graph: forward, backward and AdamW; weights and moments stay inside the engine. */
export interface Trainer {
  readonly names: readonly string[];
  /** Step `number` counts from 1. Returns the loss terms and `gradientNorm`. */
  step(number: number, learningRate: number, inputs: Inputs): Promise<Record<string, number>>;
  weights(): Promise<Outputs>;
  state(): Promise<TrainerState>;
  load(state: TrainerState): void;
  dispose(): Promise<void>;
}

/** The whole training step as one tensor function, and what it needs; also used by benchmarks and tests. */
export function trainingStep({ params, inputs, loss, followers, clipNorm = 1 }: TrainerOptions) {
  const names = Object.keys(params);
  const weights: Specs = Object.fromEntries(names.map((name) => [name, params[name]!.shape]));
  const moments = Object.fromEntries(
    names.flatMap((name) => momentNames(name).map((moment) => [moment, params[name]!.shape] as const)),
  );
  const following = Object.entries(followers?.of ?? {});
  const slow = Object.fromEntries(following.map(([follower, name]) => [follower, params[name]!.shape]));
  const specs: Specs = { ...inputs, ...slow, ...weights, ...moments, rate: [1], correction: [1], decay: [1] };

  const fn = (all: Tensors): Tensors => {
    const reported: Tensors = {};
    const total = (...values: tf.Tensor[]): tf.Scalar => {
      const { total: minimised, ...terms } = loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])), all);
      for (const [name, term] of Object.entries(terms)) reported[name] = tf.keep(term); // outlives the inner scope
      return minimised;
    };
    const { value, grads } = tf.valueAndGrads(total)(names.map((name) => all[name]!));
    reported.total = value;
    const updated = adamw(names, grads, all, { clipNorm });
    const { share = 0 } = followers ?? {};
    for (const [follower, name] of following) {
      updated[`new:${follower}`] = tf.add(tf.mul(all[follower]!, share), tf.mul(updated[`new:${name}`]!, 1 - share));
    }
    return { ...reported, ...updated };
  };
  const feedback = {
    ...adamwFeedback(names),
    ...Object.fromEntries(following.map(([follower]) => [`new:${follower}`, follower])),
  };
  return { fn, specs, names, feedback };
}

/** Compiles a trainer; weights start from `random`. */
export async function createTrainer(engine: Engine, random: Random, options: TrainerOptions): Promise<Trainer> {
  const { params, weightDecay = 1e-3, start = {} } = options;
  const { fn, specs, names, feedback } = trainingStep(options);
  const program = await engine.compile(fn, specs, { feedback });
  const following = Object.entries(options.followers?.of ?? {});
  const all = [...names.flatMap((name) => [name, ...momentNames(name)]), ...following.map(([follower]) => follower)];
  const sizes = Object.fromEntries(names.map((name) => [name, params[name]!.shape.reduce((a, b) => a * b, 1)]));
  const blank = names.flatMap((name) =>
    momentNames(name).map((moment) => [moment, new Float32Array(sizes[name]!)] as const),
  );
  const first = { ...initialise(params, random), ...pick(start, names) };
  const alike = Object.fromEntries(following.map(([follower, name]) => [follower, first[name]!.slice()]));
  let pending: Inputs = { ...first, ...alike, ...Object.fromEntries(blank) };

  /** Of before the first step the engine knows nothing yet. */
  const values = async (wanted: readonly string[]): Promise<Record<string, Float32Array>> => {
    const waiting = pick(pending, wanted);
    return { ...(await program.read(wanted.filter((name) => !waiting[name]))), ...waiting };
  };

  return {
    names,
    async step(number, learningRate, inputs) {
      const given = { ...pending, ...inputs, ...adamwScalars(number, learningRate, weightDecay) };
      pending = {};
      const outputs = await program.run(given);
      return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value[0]!]));
    },
    weights: () => values(names),
    state: () => values(all),
    load(state) {
      for (const name of all) {
        if (state[name] === undefined) throw new RangeError(`training state must hold ${name}`);
      }
      pending = pick(state, all);
    },
    dispose: () => program.dispose(),
  };
}

function pick(from: Inputs, names: readonly string[]): Record<string, Float32Array> {
  return Object.fromEntries(names.flatMap((name) => (from[name] ? [[name, from[name] as Float32Array]] : [])));
}

/** Linear warm-up, then cosine to `floor` of the peak. `step` counts from 1. */
export function cosineRate(
  step: number,
  { peak, steps, warmup, floor = 0.02 }: { peak: number; steps: number; warmup: number; floor?: number },
): number {
  if (step <= warmup) return (peak * step) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * Math.max(floor, (1 + Math.cos(Math.PI * progress)) / 2);
}
