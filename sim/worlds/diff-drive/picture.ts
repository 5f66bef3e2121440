import { type Eyes, eyes } from '../../mujoco/eyes.ts';
import type { Layout } from './layout.ts';

/** A side of the map that shadows are cast by. */
const SHADOW_CELLS = 512;

/** Light and colours of the room, seen with 2 x 2 samples a pixel. */
export const eyesOf = ({ lighting, shadows }: Pick<Layout, 'lighting' | 'shadows'>): Eyes =>
  eyes({
    background: [0.82 * lighting, 0.86 * lighting, 0.9 * lighting],
    ambient: 0.62 * lighting,
    shadow: shadows ? SHADOW_CELLS : 0,
    lights: [
      { direction: [0.5, 0.3, 0.9], strength: 0.36 * lighting },
      { direction: [-0.7, -0.35, 0.4], strength: 0.22 * lighting },
    ],
    look: ({ shape }) => (shape === 'plane' ? { checker: { rgb: [0.48, 0.43, 0.37], cell: 0.5 } } : {}),
  });
