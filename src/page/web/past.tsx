import type { State } from './state.ts';

/** How far back one can look, how far apart moments are kept, and how much memory their pictures may take. */
const [BACK_MS, APART_MS, MOST_BYTES] = [180_000, 100, 64 << 20];

/** What was shown in the last minutes. */
export interface Past {
  readonly length: number;
  add(state: State): void;
  /** So many moments ago, or the oldest. */
  at(ago: number): State | undefined;
}

/** Keeps states as they are: pictures that did not change are shared between them. */
export function past(): Past {
  let kept: State[] = [];
  return {
    get length() {
      return kept.length;
    },
    add(state) {
      const now = state.snapshot?.timeMs;
      const last = kept.at(-1)?.snapshot?.timeMs ?? Number.NEGATIVE_INFINITY;
      if (now === undefined || (now >= last && now < last + APART_MS)) return;
      if (now < last) kept = []; // another run has begun
      kept.push(state);
      const bytes = state.frames.camera?.data.length ?? 1;
      const most = Math.max(2, Math.floor(MOST_BYTES / bytes));
      while (kept.length > most || kept[0]!.snapshot!.timeMs < now - BACK_MS) kept.shift();
    },
    at: (ago) => kept.at(-1 - Math.min(ago, kept.length - 1)),
  };
}

type Props = {
  readonly length: number;
  /** Moments back; 0 is now. */
  readonly ago: number;
  readonly seconds: number;
  readonly onChange: (ago: number) => void;
};

/** Looks back; the robot, its buttons and its notices stay in the present. */
export function Scrubber({ length, ago, seconds, onChange }: Props) {
  return (
    <section class={ago > 0 ? 'scrubber back' : 'scrubber'} aria-label="Look back">
      <label for="scrub">{ago > 0 ? `You look at ${seconds.toFixed(1)} s ago` : 'Now'}</label>
      <input
        id="scrub"
        type="range"
        min={-Math.max(1, length - 1)}
        max="0"
        value={-ago}
        disabled={length < 2}
        onInput={(event) => onChange(-Number(event.currentTarget.value))}
      />
      <button type="button" id="live" disabled={ago === 0} onClick={() => onChange(0)}>
        Back to now
      </button>
    </section>
  );
}
