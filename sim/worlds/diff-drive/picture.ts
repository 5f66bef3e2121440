import { type Eyes, eyes } from '../../mujoco/eyes.ts';
import type { Layout } from './layout.ts';

/** Light and colours of the room, seen with 2 x 2 samples a pixel. */
export const eyesOf = ({ lighting }: Pick<Layout, 'lighting'>): Eyes =>
  eyes({
    background: [0.82 * lighting, 0.86 * lighting, 0.9 * lighting],
    ambient: 0.62 * lighting,
    lights: [
      { direction: [0.5, 0.3, 0.9], strength: 0.36 * lighting },
      { direction: [-0.7, -0.35, 0.4], strength: 0.22 * lighting },
    ],
    look: ({ shape }) => (shape === 'plane' ? { checker: { rgb: [0.48, 0.43, 0.37], cell: 0.5 } } : {}),
  });
