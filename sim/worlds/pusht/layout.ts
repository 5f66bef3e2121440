import type { Colour } from '../../flat/canvas.ts';
import { type Given, readVariations, type Variations } from '../../variations.ts';
import { type Block, blockOf, forms } from './shapes.ts';

/** Everything fixed about a PushT world; lengths in px of the 512-pixel world, x right, y down. */
export type Layout = {
  readonly block: Block;
  readonly agentRadius: number;
  /** An action of 1 asks for so many px, counted from where the agent is; or it is a place, from -1 to 1 across the world. */
  readonly speed: number;
  readonly actions: 'relative' | 'absolute';
  /** The green mark at (256, 256), turned by 45 degrees, that the published pictures always have. */
  readonly showMark: boolean;
  readonly colours: Readonly<Record<'agent' | 'block' | 'mark' | 'wall' | 'background', Colour>>;
};

export const variations: Variations = {
  preset: "'pusht-swm' (T of scale 30), 'pusht-dinowm' (scale 40) or 'pusht-gym' (scale 30, absolute actions)",
  shape: `of the block: ${forms.join(', ')} (T)`,
  scale: "of the block, 20..60 px (the preset's)",
  agentRadius: '8..25 px (15)',
  speed: 'px that a relative action of 1 asks for, 50..150 (100)',
  showMark: 'the green T that every picture of the original shows, true or false (true)',
  agentColour: 'RGB bytes ([65, 105, 225])',
  blockColour: 'RGB bytes ([143, 163, 184])',
  markColour: 'RGB bytes ([144, 238, 144])',
  wallColour: 'RGB bytes ([211, 211, 211])',
  backgroundColour: 'RGB bytes ([255, 255, 255])',
};

/** The layout under named variations. Throws `UsageError` for unknown names and impossible values. */
export function layoutOf(given: Given = {}): Layout {
  const { number, oneOf, flag, colour } = readVariations('pusht', variations, given);
  const preset = oneOf('preset', ['pusht-swm', 'pusht-dinowm', 'pusht-gym']);
  return {
    block: blockOf(oneOf('shape', forms), number('scale', 20, 60, preset === 'pusht-dinowm' ? 40 : 30)),
    agentRadius: number('agentRadius', 8, 25, 15),
    speed: number('speed', 50, 150, 100),
    actions: preset === 'pusht-gym' ? 'absolute' : 'relative',
    showMark: flag('showMark', true),
    colours: {
      agent: colour('agentColour', [65, 105, 225]),
      block: colour('blockColour', [143, 163, 184]),
      mark: colour('markColour', [144, 238, 144]),
      wall: colour('wallColour', [211, 211, 211]),
      background: colour('backgroundColour', [255, 255, 255]),
    },
  };
}
