import type { Clock } from '../clock.ts';
import type { Recorded } from '../data/recording.ts';
import type { Action, ActionSpec, Frame, Observation } from '../drivers/driver.ts';
import { DamagedRecording } from '../errors.ts';
import type { Context } from '../perception/context.ts';
import { advance, blankPlan, type Plan } from '../planner/planner.ts';
import { seeded } from '../random.ts';
import { type Gate, type GateEvent, gate, type Verdict } from '../safety/gate.ts';
import { type Motion, motion } from './act.ts';
import { thinker } from './deliberate.ts';
import type { Dials, Sizes } from './dials.ts';
import { goalLatent } from './goal.ts';
import { type Memory, memory } from './memory.ts';
import { remembered, shortened } from './mind.ts';
import type { MindModuleOptions, OpenMind } from './mind-module.ts';
import type { ThoughtReport } from './wire.ts';

/** What a recording of a run says of it, in `facts` of its header. */
export type RunFacts = {
  readonly spec: ActionSpec;
  readonly silenceMs: number;
  readonly seed: number;
  readonly checkpoint: string;
  readonly model: string;
  /** How plans were made; as nobody told unless given. */
  readonly planning?: Omit<MindModuleOptions, 'checkpoint'> | undefined;
};

/** All that a thought is thought again from. */
type ToldThought = Pick<ThoughtReport, 'timeMs' | 'refinements' | 'kept' | 'seenMs' | 'weights'>;

/** Events of a run's journal; besides them there are the frames, `goal` among them, and the commands. */
export type RunEvent =
  | { readonly kind: 'seen'; readonly timeMs: number; readonly action: Action }
  | { readonly kind: 'proprio'; readonly timeMs: number; readonly values: readonly number[] }
  | ({
      readonly kind: 'mind';
      readonly timeMs: number;
      readonly engine: string;
      readonly model: string | undefined;
    } & Sizes)
  /** What was shown; of words the latent that they were taken for. */
  | { readonly kind: 'goal'; readonly timeMs: number; readonly words?: string; readonly latent?: readonly number[] }
  | { readonly kind: 'tuned'; readonly timeMs: number; readonly dials: Dials }
  | {
      readonly kind: 'thought';
      readonly timeMs: number;
      readonly thought: ToldThought;
    }
  | { readonly kind: 'motion'; readonly timeMs: number; readonly motion: Motion }
  | { readonly kind: 'gate'; readonly timeMs: number; readonly event: GateEvent }
  | { readonly kind: 'verdict'; readonly timeMs: number; readonly verdict: Verdict };

export type Count = { readonly total: number; readonly equal: number };
export type Replayed = {
  /** Plans thought again from the recorded frames; wishes that are steps of recorded plans; commands judged again. */
  readonly plans: Count;
  readonly wishes: Count;
  readonly commands: Count;
  /** The first thing that differs. */
  readonly difference: string | undefined;
};

/** Runs a recorded run again, thought by thought and event by event, and compares to the bit. Throws `DamagedRecording`. */
export async function replay(
  recorded: AsyncIterable<Recorded>,
  open: (facts: RunFacts, sizes: Sizes) => Promise<OpenMind>,
  clock: Clock,
  onProgress: (plans: number) => void = () => {},
): Promise<Replayed> {
  const counts = { plans: [0, 0], wishes: [0, 0], commands: [0, 0] } as Record<
    'plans' | 'wishes' | 'commands',
    [number, number]
  >;
  let difference: string | undefined;
  const compare = (what: keyof typeof counts, atMs: number, got: unknown, expected: unknown) => {
    counts[what][0]++;
    if (exactly(got) === exactly(expected)) counts[what][1]++;
    else
      difference ??= `${what} at ${atMs.toFixed(3)} ms: recorded ${exactly(expected).slice(0, 120)}, got ${exactly(got).slice(0, 120)}`;
  };

  let mind: Thinker | undefined;
  let facts: RunFacts | undefined;
  let judge: Gate | undefined;
  let said: Verdict | undefined;
  const motions = new Map<number, Motion>(); // by when that was seen which they answer
  const awaited = { planned: new Map<number, Motion>(), recorded: new Map<number, Motion>() }; // each other
  const both = (seenMs: number, atMs: number) => {
    const { planned, recorded } = awaited; // a report with pictures comes after its motion
    const [got, expected] = [planned.get(seenMs), recorded.get(seenMs)];
    if (got !== undefined && expected !== undefined) compare('plans', atMs, got, expected);
  };
  try {
    for await (const event of recorded) {
      if (event.kind === 'header') {
        facts = event.header.facts as RunFacts | undefined;
        if (facts?.spec === undefined)
          throw new DamagedRecording('the recording is of no run: it tells no limits', {
            hint: 'make one with premotor run --record',
          });
        mind = thinkerOf(await open(facts, {}), facts.seed, clock);
      } else if (mind === undefined || facts === undefined) throw new DamagedRecording('the recording has no header');
      else if (event.kind === 'frame') mind.frame(event.name, event.timeMs, event.frame);
      else if (event.kind === 'command' || event.kind === 'end') continue;
      else {
        const told = event.event as unknown as RunEvent;
        if (told.kind === 'seen') mind.seen(told);
        if (told.kind === 'proprio') mind.proprio(told);
        if (told.kind === 'mind') await mind.restart((sizes) => open(facts!, sizes), told);
        if (told.kind === 'goal') {
          await mind.goal(told);
          for (const known of Object.values(awaited)) known.clear(); // what was seen last is thought about again
        }
        if (told.kind === 'thought') {
          keep(awaited.planned, told.thought.timeMs, await mind.think(told.thought));
          both(told.thought.timeMs, told.timeMs);
          onProgress(counts.plans[0]);
        }
        if (told.kind === 'motion' && told.motion.actions.length > 0) {
          for (const known of [motions, awaited.recorded]) keep(known, told.motion.timeMs, told.motion);
          both(told.motion.timeMs, told.timeMs);
        }
        if (told.kind === 'gate') {
          judge ??= gate(facts.spec, { silenceMs: facts.silenceMs, nowMs: told.event.timeMs });
          said = judge.tell(told.event);
          if (told.event.kind === 'wish' && told.event.wish.action.length > 0) {
            const { wish, timeMs } = told.event;
            compare('wishes', timeMs, wish.action, stepAt(motions.get(wish.seenMs), timeMs, wish.action));
          }
        }
        if (told.kind === 'verdict') compare('commands', told.timeMs, said, told.verdict);
      }
    }
  } finally {
    await mind?.opened.dispose();
  }
  const count = ([total, equal]: [number, number]): Count => ({ total, equal });
  return { plans: count(counts.plans), wishes: count(counts.wishes), commands: count(counts.commands), difference };
}

/** Remembers the newest. */
function keep<T>(map: Map<number, T>, key: number, value: T): void {
  map.set(key, value);
  if (map.size > 256) map.delete(map.keys().next().value!);
}

/** The step of a motion for a moment; a timer may be late by a hair: its neighbour will do. */
function stepAt(motion: Motion | undefined, timeMs: number, wished: Action): Action | undefined {
  if (motion === undefined) return undefined;
  const step = Math.floor((timeMs - motion.timeMs) / motion.periodMs + 1e-6);
  const near = [motion.actions[step], motion.actions[step - 1]];
  return near.find((action) => action !== undefined && exactly(action) === exactly(wished)) ?? near[0];
}

type Thinker = {
  frame(name: string, timeMs: number, frame: Frame): void;
  seen(observation: Pick<Observation, 'timeMs' | 'action'>): void;
  proprio(event: Extract<RunEvent, { kind: 'proprio' }>): void;
  restart(open: (sizes: Sizes) => Promise<OpenMind>, sizes: Sizes): Promise<void>;
  readonly opened: OpenMind;
  goal(event: Extract<RunEvent, { kind: 'goal' }>): Promise<void>;
  think(thought: ToldThought): Promise<Motion>;
};

/** The mind, told what to look at, and how long to think. */
function thinkerOf(first: OpenMind, seed: number, clock: Clock): Thinker {
  let opened = first;
  const frames = new Map<number, Record<string, Frame>>();
  const measured = new Map<number, readonly number[]>();
  const contexts = new Map<number, Context>();
  const random = seeded(seed);
  let past: Memory = memory(opened.imagination, remembered(opened.imagination));
  let last: Plan = blankPlan(opened.imagination.shape, 0);
  let picture: Frame | undefined;
  let goal: Float32Array | undefined;

  return {
    frame: (name, timeMs, frame) => {
      if (name === 'goal') picture = frame;
      else if (name !== 'imagined') keep(frames, timeMs, { ...frames.get(timeMs), [name]: frame });
    },
    seen: ({ timeMs, action }) => past.act(timeMs, action),
    proprio: ({ timeMs, values }) => keep(measured, timeMs, values),
    get opened() {
      return opened;
    },
    restart: async (open, { samples = opened.samples, horizon = opened.imagination.shape.horizon }) => {
      if (samples !== opened.samples || horizon !== opened.imagination.shape.horizon) {
        const former = opened;
        opened = await open({ samples, horizon });
        await former.dispose();
      }
      past = memory(opened.imagination, remembered(opened.imagination));
      last = blankPlan(opened.imagination.shape, 0);
    },
    goal: async ({ latent }) => {
      if (latent === undefined && picture === undefined)
        throw new DamagedRecording('the recording tells of a goal, and shows none');
      goal = latent ? Float32Array.from(latent) : await goalLatent({ frame: picture! }, opened.imagination);
      last = blankPlan(opened.imagination.shape, 0);
    },
    think: async ({ timeMs, refinements, kept, seenMs, weights }) => {
      const { imagination, planner, warmStart, aim } = opened;
      if (weights) imagination.weigh?.(weights);
      for (const at of seenMs) {
        const seen = { frames: frames.get(at) ?? {}, proprio: measured.get(at) ?? [] };
        const frame = imagination.view ? imagination.view(seen) : Object.values(seen.frames)[0];
        if (frame === undefined)
          throw new DamagedRecording(`the recording lacks the frame of ${at} ms, which was thought about`);
        keep(contexts, at, past.remember(at, await imagination.see(frame)));
      }
      const context = contexts.get(timeMs);
      if (context === undefined || goal === undefined)
        throw new DamagedRecording(`the recording lacks what was thought about at ${timeMs} ms`);
      const calm = () => false; // how long it was thought about is told: nothing is left out
      const think = thinker(imagination, planner, goal, {
        clock,
        random,
        iterations: refinements,
        calm,
        warmStart,
        aim,
      });
      const short = shortened(context, imagination.contextLength);
      const start = advance(last, timeMs, imagination.shape);
      last = kept ? start : (await think(short, start, () => true)).plan;
      return motion(last, imagination);
    },
  };
}

/** Tells numbers apart that JSON does not: minus zero, and what is no number. */
const exactly = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))
      ? `#${Object.is(part, -0) ? '-0' : part}`
      : part,
  ) ?? 'nothing';
