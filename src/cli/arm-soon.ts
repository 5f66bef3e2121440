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

/** What is said of a goal like nothing that was seen. */
export const strange = (novelty: number, wasToArm: boolean) =>
  `the goal picture is unlike anything the model has seen (${novelty.toFixed(1)} x as far as an ordinary picture ever is)${wasToArm ? ': not armed' : ''}; if it is meant, arm with key a or the page, or say --accept-goal`;

/** What is said when what is seen begins, or ends, to be too far from what was expected. */
export const startled = (is: boolean, distance: number) =>
  is
    ? `surprised: what is seen is ${distance.toFixed(1)} from what was expected (--max-surprise); the mind is silent`
    : `no longer surprised: ${distance.toFixed(1)}`;
