import { describe, expect, it } from 'vitest';
import { eyes } from '../../../sim/mujoco/eyes.ts';
import { loadMujoco, simulation } from '../../../sim/mujoco/mujoco.ts';
import { rasteriser } from '../../../sim/rasteriser/rasteriser.ts';
import { armModel } from './arm.ts';

await loadMujoco();
const arm = simulation(armModel());
const light = {
  background: [0.2, 0.3, 0.4],
  ambient: 0.5,
  lights: [{ direction: [1, -1, 2], strength: 0.5 }],
} as const;

describe('eyes', () => {
  const { render, scene } = eyes({
    ...light,
    usual: 'side',
    look: ({ name }) => (name === 'floor' ? { checker } : {}),
  });
  const checker = { rgb: [0, 0, 0], cell: 0.5 } as const;

  it('paint what the scene says, from a camera of the model', () => {
    const state = arm.initial();
    const { scene: all, cameras } = scene(arm, state);
    expect(all.geoms[0]).toMatchObject({ shape: 'plane', checker });
    expect(all.geoms.map(({ body }) => body)).toEqual([
      undefined,
      undefined,
      undefined,
      'upper',
      'lower',
      'lower',
      'cube',
    ]);
    expect(render(arm, state, 64, 'side')).toEqual(rasteriser({ size: 64 })(all, cameras.side!));
    expect(render(arm, state, 64, 'camera')).toEqual(render(arm, state, 64, 'side'));
    expect(render(arm, arm.initial('bent'), 64, 'side')).not.toEqual(render(arm, state, 64, 'side'));
  });

  it('refuse a camera that is not there', () => {
    expect(() => render(arm, arm.initial(), 64, 'top')).toThrow(/camera must be one of side, got top/);
    expect(() => eyes(light).render(arm, arm.initial(), 64, 'camera')).toThrow(RangeError);
  });
});
