import type { Words } from '../../../src/worldmodel/words.ts';
import { place } from '../../place.ts';
import { type CubeState, type CubeWorld, TABLE } from './index.ts';

/** A cube so far above where it lies is off the table; a hand so near it, in the plane, is over it, m. */
const [OFF, OVER] = [0.03, 0.05];
/** A hand lower than this is down, m. */
const DOWN = 0.1;
/** A share of the opening that counts as closed. */
const CLOSED = 0.35;

/** Where the cube is, as the front camera has it, and what the hand does. */
export function words({ seen, layout }: CubeWorld, state: CubeState): Words {
  const { cube, place: hand, closed } = seen(state);
  const share = (axis: 0 | 1) => (cube[axis] - TABLE.low[axis]) / (TABLE.high[axis] - TABLE.low[axis]);
  const lifted = cube[2] - layout.half > OFF;
  return {
    cube: {
      ...place(share(1), ['on the left', 'in the centre', 'on the right']),
      ...place(share(0), ['at the back', 'halfway', 'at the front']),
      lifted,
      'on the table': !lifted,
    },
    hand: {
      open: closed < CLOSED,
      closed: closed >= CLOSED,
      up: hand[2] >= DOWN,
      down: hand[2] < DOWN,
      'over it': Math.hypot(hand[0] - cube[0], hand[1] - cube[1]) < OVER,
    },
  };
}
