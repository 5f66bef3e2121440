import { concat, NEVER, of } from 'rxjs';
import { afterEach, expect, it } from 'vitest';
import { realClock } from '../../../src/clock.ts';
import type { Observation } from '../../../src/drivers/driver.ts';
import { gymDriver } from '../../../src/drivers/gym/gym-driver.ts';
import { type GymStep, openGym } from '../../../src/drivers/gym/open-gym.ts';
import { LinkLost } from '../../../src/errors.ts';
import { serveColumn } from '../../support/gym-server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});
async function driven(answers?: number) {
  const served = await serveColumn(answers);
  const gym = await openGym({ port: served.port, clock: realClock() });
  closers.push(gym.close, served.close);
  const steps: GymStep[] = [];
  const driver = gymDriver(gym, { clock: realClock(), periodMs: 1, onStep: (step) => void steps.push(step) });
  return { driver, steps };
}

it('is a robot: a picture first, then a step under the action in force, the next episode when one ends', async () => {
  const { driver, steps } = await driven();
  expect(driver.actionSpec).toMatchObject({ low: [-1], high: [1], rest: [0], maxRate: [40] });
  const seen: Observation[] = [];
  await new Promise<void>((resolve, reject) => {
    const loop = driver.connect(concat(of([0.5]), NEVER)).subscribe({
      next: (observation) => {
        seen.push(observation);
        if (seen.length === 25) resolve();
      },
      error: reject,
    });
    closers.push(() => loop.unsubscribe());
  });
  expect(Object.keys(seen[0]!.frames)).toEqual(['camera']);
  expect(seen.slice(0, 3).map(({ action }) => action)).toEqual([[0], [0.5], [0.5]]);
  expect(seen.slice(0, 3).map(({ proprio }) => proprio![0])).toEqual([0, 0.05, 0.1].map((x) => expect.closeTo(x, 6)));
  expect(steps[20]!.truncated).toBe(true);
  expect(seen[21]!).toMatchObject({ action: [0], proprio: [0.2] }); // reset with the next seed
});

it('ends with what became of the environment', async () => {
  const { driver } = await driven(4);
  await expect(new Promise((_, reject) => driver.connect(NEVER).subscribe({ error: reject }))).rejects.toThrow(
    LinkLost,
  );
});
