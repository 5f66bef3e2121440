import { describe, expect, it } from 'vitest';
import { vary } from '../../../../sim/vary.ts';
import { wallExpert } from '../../../../sim/worlds/wall/expert.ts';
import { distance, type Wall, type WallState } from '../../../../sim/worlds/wall/index.ts';
import { layoutOf } from '../../../../sim/worlds/wall/layout.ts';
import { facesOf, move, roomOf } from '../../../../sim/worlds/wall/rules.ts';
import { wall } from '../../../../sim/worlds/wall/task.ts';
import { seeded } from '../../../../src/random.ts';
import { itHasAnExpert, itIsAWorld } from '../../../contracts/world.contract.ts';

itIsAWorld('wall', wall);
itIsAWorld('wall, as PLDM has it', wall, { preset: 'pldm' });
itIsAWorld('wall, all varied', vary(wall, { colour: 'random', size: 'random', layout: 'random' }));

describe.each(['dino-wm', 'pldm'])('the expert of wall, %s', (preset) => {
  const world = wall.world({ preset }) as Wall;
  const there = ({ dot, target }: WallState) => distance(dot, target) < 1.4;
  itHasAnExpert(`wall ${preset}`, wall, world, (random) => wallExpert(world.layout, random), there, 100);
});

describe('the rules of wall', () => {
  const layout = layoutOf();
  const faces = facesOf(layout);

  it('stop a dot at the face it meets, half a pixel back and half a pixel aside', () => {
    expect(move(faces, [28, 10], [2, 0])).toEqual([28.5, 10.5]);
    expect(move(faces, [36, 50], [-2, 0])).toEqual([35.5, 50.5]);
  });

  it('let it through the opening, and let the jambs stop it there', () => {
    expect(move(faces, [28, 30], [2, 0])).toEqual([30, 30]);
    expect(move(faces, [32, 33], [0, 2])).toEqual([32.5, 33.5]);
  });

  it('keep it inside the borders and out of the wall, however it moves', () => {
    const random = seeded(4);
    let at = [20, 20] as readonly [number, number];
    for (let i = 0; i < 5000; i++) {
      const before = roomOf(layout, at);
      const from = at;
      at = move(faces, at, [4 * random.uniform() - 2, 4 * random.uniform() - 2]);
      expect(Math.min(...at)).toBeGreaterThanOrEqual(4.3);
      expect(Math.max(...at)).toBeLessThanOrEqual(59.7);
      const inWall = Math.abs(at[0] - 32) < 3 && Math.abs(at[1] - 30) > 4;
      expect(inWall).toBe(false);
      if (roomOf(layout, at) !== before) expect(Math.abs(from[1] - 30)).toBeLessThan(6.5);
    }
  });
});
