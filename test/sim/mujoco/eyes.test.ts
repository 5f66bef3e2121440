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
  const { render, scene, sense } = eyes({
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

  it('measure depth, and name what they see', () => {
    const { depth, segments, geoms } = sense(arm, arm.initial(), 64, 'side');
    const seen = new Set(segments);
    const names = [...seen].map((name) => (name === 0 ? 'nothing' : (geoms[name - 1]!.body ?? geoms[name - 1]!.shape)));
    expect(names).toEqual(expect.arrayContaining(['nothing', 'plane', 'mesh', 'ellipsoid', 'upper', 'lower', 'cube']));
    for (const [i, value] of depth.entries()) expect(Number.isFinite(value)).toBe(segments[i]! > 0);
    const cube = geoms.findIndex(({ body }) => body === 'cube') + 1;
    const depths = depth.filter((_, i) => segments[i] === cube);
    expect(Math.min(...depths)).toBeGreaterThan(2);
    expect(Math.max(...depths)).toBeLessThan(3);
  });

  it('shade what the scene says', () => {
    const state = arm.initial();
    const shaded = eyes({ ...light, shadow: 128 }).render(arm, state, 64, 'side');
    const plain = render(arm, state, 64, 'side');
    const off = shaded.data.filter((value, i) => value !== plain.data[i]).length;
    expect(off).toBeGreaterThan(50);
  });

  it('refuse a camera that is not there', () => {
    expect(() => render(arm, arm.initial(), 64, 'top')).toThrow(/camera must be one of side, got top/);
    expect(() => eyes(light).render(arm, arm.initial(), 64, 'camera')).toThrow(RangeError);
  });
});
