import type { Words } from '../../../src/worldmodel/words.ts';
import { place } from '../../place.ts';
import type { TwoRoomState } from './index.ts';
import { type Layout, SIZE, WALL } from './layout.ts';
import { acrossIndex, roomOf, wallHalf } from './rules.ts';

/** Where the dot is. */
export function words(layout: Layout, { agent }: TwoRoomState): Words {
  const across = acrossIndex(layout);
  const within = Math.abs(agent[across] - WALL) <= wallHalf(layout) + layout.radius;
  const room = within ? undefined : roomOf(layout, agent);
  const [first, second] = layout.axis === 'vertical' ? ['left', 'right'] : ['upper', 'lower'];
  const along =
    layout.axis === 'vertical' ? ['at the top', 'halfway up', 'at the bottom'] : ['left', 'halfway', 'right'];
  return {
    dot: {
      [`in the ${first} room`]: room === 0,
      [`in the ${second} room`]: room === 1,
      'in the doorway': within,
      ...place(agent[1 - across]! / SIZE, along),
    },
  };
}
