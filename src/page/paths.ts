import type { Paths, Snapshot } from './telemetry.ts';

const maxLines = 64;
const periodMs = 200;

/** Lets paths through five times a second of the run's own time, 64 lines at most; the rest of a snapshot always. */
export function limitPaths(): (snapshot: Snapshot) => Snapshot {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (snapshot) => {
    const { paths, ...rest } = snapshot;
    if (paths === undefined) return snapshot;
    const sinceMs = snapshot.timeMs - lastMs;
    if (sinceMs >= 0 && sinceMs < periodMs) return rest; // time that jumps back is another run
    lastMs = snapshot.timeMs;
    return { ...rest, paths: thin(paths) };
  };
}

/** The best path, then elites, then candidates, as many as there is room for; evenly chosen, rounded to a pixel's part. */
function thin({ candidates, elites, best }: Paths): Paths {
  const few = evenly(elites, Math.min(elites.length, 24));
  return {
    candidates: evenly(candidates, maxLines - 1 - few.length).map(rounded),
    elites: few.map(rounded),
    best: rounded(best),
  };
}

const evenly = <T>(lines: readonly T[], count: number): readonly T[] =>
  lines.length <= count
    ? lines
    : Array.from({ length: count }, (_, i) => lines[Math.floor((i * lines.length) / count)] as T);

const rounded = (line: readonly number[]) => line.map((value) => Math.round(value * 1000) / 1000);
