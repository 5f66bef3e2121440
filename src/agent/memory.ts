import type { Action } from '../drivers/driver.ts';
import type { Context } from '../perception/context.ts';
import type { Imagination } from '../planner/imagination.ts';

type Seen = { readonly timeMs: number; readonly latent: Float32Array };
type Done = { readonly timeMs: number; readonly action: Action };

/** The recent past: latents and actions by time, and the context that a new latent completes. */
export interface Memory {
  /** The action that was in force at `timeMs`. */
  act(timeMs: number, action: Action): void;
  /** The latent of the frame taken at `timeMs`, the newest so far -> the context then. */
  remember(timeMs: number, latent: Float32Array): Context;
}

export function memory(imagination: Pick<Imagination, 'shape' | 'normalise'>, contextLength: number): Memory {
  const { frameskip, periodMs, actionSize } = imagination.shape;
  const blockMs = frameskip * periodMs;
  const spanMs = contextLength * blockMs + periodMs;
  const seen: Seen[] = [];
  const done: Done[] = [];

  const forget = (past: { readonly timeMs: number }[], nowMs: number) => {
    while (past.length > 0 && past[0]!.timeMs < nowMs - spanMs) past.shift();
  };
  /** Frames come at the control period; half a period off still is the same moment. */
  const seenAt = (timeMs: number) => {
    const off = ({ timeMs: at }: Seen) => Math.abs(at - timeMs);
    const near = seen.filter((one) => off(one) <= periodMs / 2);
    return near.sort((a, b) => off(a) - off(b))[0];
  };
  const block = (fromMs: number) => {
    const values = new Float32Array(frameskip * actionSize);
    for (let step = 0; step < frameskip; step++) {
      const middleMs = fromMs + (step + 0.5) * periodMs; // told by the first observation after it
      const told = done.find(({ timeMs }) => timeMs >= middleMs) ?? done[done.length - 1]!;
      values.set(imagination.normalise(told.action), step * actionSize);
    }
    return values;
  };

  return {
    act: (timeMs, action) => {
      done.push({ timeMs, action });
      forget(done, timeMs);
    },
    remember: (timeMs, latent) => {
      seen.push({ timeMs, latent });
      forget(seen, timeMs);
      const latents = [latent];
      const blocks: Float32Array[] = [];
      for (let back = 1; back < contextLength; back++) {
        const before = seenAt(timeMs - back * blockMs);
        if (before === undefined) break;
        latents.unshift(before.latent);
        blocks.unshift(block(timeMs - back * blockMs));
      }
      return { timeMs, latents, blocks };
    },
  };
}
