import type { World } from '../world.ts';
import type { Eyes } from './eyes.ts';
import { simulationOf } from './pool.ts';
import { pulled } from './states.ts';

/** A state of a world on MuJoCo: `physics` is its integration state, beside whatever else the world keeps. */
type Embodied = { readonly physics: readonly number[] };

/** How a world on MuJoCo is seen, measured and pulled about. */
export function embodied<State extends Embodied>(mjcf: string, eyes: Eyes, periodMs: number) {
  return {
    render: ({ physics }, size, camera = 'camera') => eyes.render(simulationOf(mjcf), physics, size, camera),
    sense: ({ physics }, size, camera = 'camera') => eyes.sense(simulationOf(mjcf), physics, size, camera),
    view: ({ physics }) => eyes.scene(simulationOf(mjcf), physics),
    pull: (state, what) => ({ ...state, physics: pulled(simulationOf(mjcf), state.physics, what, periodMs) }),
  } satisfies Partial<World<State>>;
}
