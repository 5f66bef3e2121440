import type { Words } from '../../../src/worldmodel/words.ts';
import { place } from '../../place.ts';
import type { PushTState } from './index.ts';
import { SIDE } from './physics.ts';

/** Where the block is and how it is turned, and on which side of it the agent is. */
export function words({ agent, block, angle }: PushTState): Words {
  const near = (turn: number) => Math.cos(angle - turn) > Math.SQRT1_2; // nearer than to any other quarter
  const [dx, dy] = [agent[0] - block[0], agent[1] - block[1]];
  const beside = Math.abs(dx) > Math.abs(dy);
  return {
    block: {
      ...place(block[0] / SIDE, ['on the left', 'in the centre', 'on the right']),
      ...place(block[1] / SIDE, ['at the top', 'halfway up', 'at the bottom']),
      upright: near(0),
      'upside down': near(Math.PI),
      'tipped to the left': near(Math.PI / 2),
      'tipped to the right': near(-Math.PI / 2),
    },
    agent: {
      above: !beside && dy < 0,
      below: !beside && dy >= 0,
      'left of it': beside && dx < 0,
      'right of it': beside && dx >= 0,
    },
  };
}
