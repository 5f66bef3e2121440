import pc from 'picocolors';

/** Shows how far a long job is. */
export interface Progress {
  /** `done` of `total`; `note` is a short text, e.g. the losses. */
  update(done: number, total: number, note?: string): void;
  /** A line of its own, above the bar. */
  log(line: string): void;
  /** Ends the bar; the cursor stands on a fresh line. */
  done(): void;
}

type Sink = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
type Options = {
  readonly label: string;
  readonly unit: string;
  readonly quiet?: boolean;
  readonly stream?: Sink;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** How often a piped job writes a line. */
  readonly everyMs?: number;
};

/** One redrawn line on a terminal, a plain line every few seconds elsewhere, nothing when quiet. */
export function progress(options: Options): Progress {
  const { stream = process.stderr, quiet = false, now = () => performance.now(), everyMs = 5000 } = options;
  if (quiet) return { update() {}, log() {}, done() {} };
  const tty = stream.isTTY === true;
  let startMs = 0;
  let first: number | undefined;
  let lastMs = -Infinity;
  let text = '';
  let shown = true;

  const draw = () => {
    stream.write(tty ? `\r\u001b[2K${text.slice(0, (stream.columns ?? 100) - 1)}` : `${text}\n`);
    lastMs = now();
    shown = true;
  };
  return {
    update(done, total, note) {
      if (first === undefined) startMs = now();
      first ??= done;
      text = line({ ...options, done, total, first, elapsedMs: now() - startMs, bar: tty }, note);
      shown = false;
      if (now() - lastMs >= (tty ? 100 : everyMs)) draw();
    },
    log(message) {
      stream.write(tty ? `\r\u001b[2K${message}\n` : `${message}\n`);
      if (tty && text) draw();
    },
    done() {
      if (!shown) draw();
      if (tty && text) stream.write('\n');
      text = '';
    },
  };
}

type State = {
  label: string;
  unit: string;
  done: number;
  total: number;
  first: number;
  elapsedMs: number;
  bar: boolean;
};

function line({ label, unit, done, total, first, elapsedMs, bar }: State, note?: string): string {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  const rate = elapsedMs > 0 ? ((done - first) / elapsedMs) * 1000 : 0;
  const left = rate > 0 ? `, ${duration(((total - done) / rate) * 1000)} left` : '';
  const width = 20;
  const filled = Math.round(part * width);
  const picture = bar ? `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ` : '';
  const speed = rate > 0 ? ` ${rate.toFixed(rate < 10 ? 1 : 0)} ${unit}/s${left}` : '';
  return `${label} ${picture}${done}/${total}${speed}${note ? `  ${note}` : ''}`;
}

/** Milliseconds as a person says them: `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A tick or a cross, for summaries. */
export const mark = (good: boolean): string => (good ? pc.green('✓') : pc.red('✗'));
