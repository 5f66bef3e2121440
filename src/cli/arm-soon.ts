import type { Drive } from '../agent/drive.ts';
import { type Clock, pause } from '../clock.ts';

const ARM_EVERY_MS = 500;

/** Once the goal is judged, tries until it is armed once, or a person wants it otherwise; says what is in the way when that changes. */
export async function armSoon(
  { interlock: lock }: Drive,
  clock: Clock,
  say: (line: string) => void,
  wanted: () => boolean,
  judged: () => boolean,
): Promise<void> {
  let before = '';
  while (wanted() && lock.state.epoch === 0) {
    if (!judged()) {
      await pause(ARM_EVERY_MS, clock); // the mind has not looked at the goal yet
      continue;
    }
    const answer = await lock.arm('--arm');
    if (answer.done) return;
    const why = answer.refused.join('; ');
    if (why !== before) say(`not armed yet: ${why}`);
    before = why;
    await pause(ARM_EVERY_MS, clock);
  }
}
