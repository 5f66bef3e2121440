import type { Frame } from '../../src/drivers/driver.ts';
import type { Snapshot } from '../../src/page/telemetry.ts';

// A run that looks like one: two rooms, a dot on its way through the door. For the tests and for designing the page.

const place = (t: number) => ({ x: 0.22 + 0.09 * t, y: 0.75 - 0.055 * t + 0.05 * Math.sin(t) });
export const goalPlace = { x: 0.8, y: 0.3 };

/** Two rooms from above, 64 x 64, a red dot. */
export function picture({ x, y }: { x: number; y: number }, size = 64): Frame {
  const data = new Uint8Array(size * size * 3).fill(245);
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++) {
      const at = (row * size + col) * 3;
      const u = (col + 0.5) / size;
      const v = (row + 0.5) / size;
      const wall = Math.abs(u - 0.5) < 0.03 && Math.abs(v - 0.55) > 0.08;
      if (wall || Math.min(u, v, 1 - u, 1 - v) < 0.045) data.fill(40, at, at + 3);
      const inside = Math.min(1, Math.max(0, (0.045 - Math.hypot(u - x, v - y)) * size + 0.5));
      if (inside > 0)
        for (let c = 0; c < 3; c++) data[at + c] = data[at + c]! * (1 - inside) + [220, 30, 40][c]! * inside;
    }
  }
  return { width: size, height: size, data };
}

export const cameraAt = (t: number): Frame => picture(place(t % 6));

/** The run's state after `t` seconds. */
export function snapshotAt(t: number): Snapshot {
  const goalIndex = Math.min(9, Math.floor(t / 6));
  const left = 6 - (t % 6);
  const from = place(t % 6);
  const path = (i: number, spread: number) => {
    const bend = spread * Math.sin(i * 2.4);
    const reach = 0.5 + 0.3 * Math.cos(i * 1.7) * Math.min(1, spread * 8);
    return Array.from({ length: 11 }, (_, k) => {
      const s = (k / 10) * reach;
      const side = Math.sin(Math.PI * (k / 14)) * bend;
      return [from.x + (goalPlace.x - from.x) * s + side * 0.6, from.y + (goalPlace.y - from.y) * s + side];
    }).flat();
  };
  return {
    timeMs: t * 1000,
    task: 'two-room',
    phase: 'running',
    goalIndex,
    goals: 10,
    reached: goalIndex,
    distance: 2.1 * left + 0.4 + 0.35 * Math.sin(3 * t),
    surprise: 0.06 + 0.02 * Math.sin(5.1 * t) + 0.14 * Math.exp(-(((t % 11) - 4) ** 2) * 6),
    planMs: 62 + 9 * Math.sin(7.3 * t) + 14 * Math.max(0, Math.sin(1.9 * t)) ** 6,
    refinements: 6,
    replansPerSecond: 11.8 + 0.5 * Math.sin(t),
    frameToCommandMs: 74 + 5 * Math.sin(4 * t),
    deadlineMs: 90,
    action: [0.8 * Math.cos(t), -0.6 * Math.sin(1.3 * t)],
    low: [-1, -1],
    high: [1, 1],
    names: ['right', 'down'],
    reason: '',
    paths: {
      candidates: Array.from({ length: 40 }, (_, i) => path(i, 0.34)),
      elites: Array.from({ length: 12 }, (_, i) => path(i, 0.07)),
      best: path(3, 0.012),
    },
  };
}
