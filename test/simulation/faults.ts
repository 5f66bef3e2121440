import type { Clock } from '../../src/clock.ts';
import type { Random } from '../../src/random.ts';

/** What can go wrong, and for how long at most (ms); 0 happens in a moment. */
export const faultClasses = {
  // the camera and what it says
  'frames dropped': 25_000,
  'frames frozen': 4000,
  'frames black': 3000,
  'frames of a wrong size': 1000,
  'frames stamped in the future': 2000,
  'frames stamped in the past': 2000,
  'frames twice': 3000,
  'frames out of order': 3000,
  'frames late': 3000,
  'measurements missing': 3000,
  // the link
  'bridge down': 3000,
  'bridge frozen': 4000,
  'link reset': 0,
  'link half-open': 4000,
  'link slow': 3000,
  'link sliced': 3000,
  'answers lost': 1500,
  'reader wedged': 3000,
  'slow close': 2000,
  // the mind
  'mind crashes': 0,
  'mind crashes over and over': 12_000,
  'mind hangs': 2500,
  'mind dies at its start': 1500,
  'mind out of memory': 1000,
  'plans slow': 4000,
  'plans late by seconds': 3000,
  'plans of nonsense': 2000,
  'plans of no end': 2000,
  'plans of a wrong length': 1000,
  'plans huge': 2000,
  'plans twice': 2000,
  'plans out of order': 2000,
  'plans for a former goal': 2000,
  // time
  'body sleeps': 2000,
  'clock steps ahead': 0,
  'timers late': 3000,
  "robot's clock jumps": 0,
  'wall clock jumps': 0,
  // people
  'e-stop pressed': 0,
  'e-stop pressed twice': 0,
  'reset replayed': 0,
  'reset and press at once': 0,
  disarmed: 0,
  'armed twice': 0,
  'another goal': 0,
  terminated: 0,
} as const;

export type Fault = keyof typeof faultClasses;
export const faultNames = Object.keys(faultClasses) as Fault[];

/** These may well be the end of a run: they come seldom, and once. */
const final: ReadonlySet<Fault> = new Set(['terminated', 'mind crashes over and over']);
const once: ReadonlySet<Fault> = new Set([...final, 'mind crashes', 'mind out of memory']);

/** Faults as they come and go, and how often each has come. */
export interface Faults {
  /** Is it on? */
  on(fault: Fault): boolean;
  /** 0 to 1, drawn anew each time it comes. */
  intensity(fault: Fault): number;
  readonly fired: ReadonlyMap<Fault, number>;
  /** Ends all of them, for good. */
  calm(): void;
}

/** One fault of any class but the last ones about every `everyMs`, for ever: a long run's weather. */
export function drizzle(clock: Clock, random: Random, everyMs: number, onStart: (fault: Fault) => void): Faults {
  const active = new Map<Fault, number>();
  const fired = new Map<Fault, number>();
  const names = faultNames.filter((fault) => !final.has(fault) && fault !== 'mind dies at its start');
  let calm = false;
  let strength = 0;
  clock.schedule(function () {
    this.schedule(undefined, everyMs * (0.5 + random.uniform()));
    const fault = names[random.integer(names.length)]!;
    strength = random.uniform();
    const lastsMs = faultClasses[fault] * random.uniform() ** 2;
    if (calm) return;
    fired.set(fault, (fired.get(fault) ?? 0) + 1);
    active.set(fault, (active.get(fault) ?? 0) + 1);
    onStart(fault);
    clock.schedule(() => active.set(fault, active.get(fault)! - 1), lastsMs);
  }, everyMs);
  return {
    on: (fault) => !calm && (active.get(fault) ?? 0) > 0,
    intensity: () => strength,
    fired,
    calm: () => {
      calm = true;
    },
  };
}

/** A share of the classes, each a few times between `fromMs` and `untilMs`, those of `lasting` all the time; `onStart` is told of each, and those that come while it `counts` are counted. */
export function swarm(
  clock: Clock,
  random: Random,
  {
    fromMs,
    untilMs,
    without,
    lasting,
    counts,
  }: {
    fromMs: number;
    untilMs: number;
    without: ReadonlySet<Fault>;
    lasting: ReadonlySet<Fault>;
    counts: () => boolean;
  },
  onStart: (fault: Fault) => void,
): Faults {
  const active = new Map<Fault, number>();
  const intensities = new Map<Fault, number>();
  const fired = new Map<Fault, number>();
  const share = 0.1 + 0.4 * random.uniform();
  let calm = false;
  for (const fault of lasting) {
    intensities.set(fault, 1);
    active.set(fault, 1);
  }

  for (const fault of faultNames) {
    const own = random.fork(fault);
    if (own.uniform() >= (final.has(fault) ? 0.25 : share)) continue;
    const times = once.has(fault) ? 1 : 1 + own.integer(4);
    for (let i = 0; i < times; i++) {
      const atMs = fromMs + own.uniform() * (untilMs - fromMs);
      const lastsMs = faultClasses[fault] * own.uniform() ** 2;
      const intensity = own.uniform();
      clock.schedule(() => {
        if (calm || without.has(fault)) return;
        if (counts()) fired.set(fault, (fired.get(fault) ?? 0) + 1);
        intensities.set(fault, intensity);
        active.set(fault, (active.get(fault) ?? 0) + 1);
        onStart(fault);
        clock.schedule(() => active.set(fault, active.get(fault)! - 1), lastsMs);
      }, atMs);
    }
  }
  return {
    on: (fault) => !calm && (active.get(fault) ?? 0) > 0,
    intensity: (fault) => intensities.get(fault) ?? 0,
    fired,
    calm: () => {
      calm = true;
    },
  };
}
