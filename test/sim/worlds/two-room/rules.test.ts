import { describe, expect, it } from 'vitest';
import { twoRoomWorld } from '../../../../sim/worlds/two-room/index.ts';
import { layoutOf, type Point } from '../../../../sim/worlds/two-room/layout.ts';
import { endpointMove } from '../../../../sim/worlds/two-room/rules.ts';

const standard = layoutOf();
const move = (from: Point, by: Point, variations = {}) => endpointMove(layoutOf(variations), from, by);

describe('the rules of the original', () => {
  it('moves 5 px a step at full action, and further on the diagonal', () => {
    const world = twoRoomWorld(standard);
    const state = { agent: [50, 100], target: [0, 0] } as const;
    expect(world.step(state, [1, 0]).agent).toEqual([55, 100]);
    expect(world.step(state, [-0.5, 0]).agent).toEqual([47.5, 100]);
    expect(world.step(state, [1, 1]).agent).toEqual([55, 105]);
    expect(world.step(state, [9, -9]).agent).toEqual([55, 95]);
  });

  it('clamps to the borders, radius included', () => {
    expect(move([22, 22], [-5, -5])).toEqual([21, 21]);
    expect(move([202, 202], [5, 5])).toEqual([203, 203]);
    expect(move([40, 202], [5, 5], { radius: 10 })).toEqual([45, 200]);
  });

  it('puts who runs into the wall half a pixel off its face, and lets him slide', () => {
    expect(move([98, 120], [5, 3])).toEqual([99.5, 123]);
    expect(move([126, 120], [-5, 3])).toEqual([124.5, 123]);
    expect(move([98, 120], [2, 3])).toEqual([100, 123]);
    expect(move([98, 120], [2.001, 3])).toEqual([99.5, 123]);
  });

  it('lets through up to 1.75 px beyond the edges of the door', () => {
    expect(move([98, 60], [5, 4.75])).toEqual([103, 64.75]);
    expect(move([98, 60], [5, 4.76])).toEqual([99.5, 64.76]);
    expect(move([98, 35], [5, -1.75])).toEqual([103, 33.25]);
    expect(move([98, 35], [5, -1.76])).toEqual([99.5, 33.24]);
  });

  it('tests the end of a step only, against the side where it started', () => {
    // From inside the doorway past a jamb: thrown back to the left face.
    expect(move([111, 62], [0, 5])).toEqual([99.5, 67]);
    expect(move([112, 62], [0, 5])).toEqual([124.5, 67]);
    // A step that starts outside the door's height and ends within it cuts the corner.
    expect(move([98, 68], [5, -4])).toEqual([103, 64]);
  });

  it('has the same rules for a lying wall', () => {
    const lying = { axis: 'horizontal' };
    expect(move([120, 98], [3, 5], lying)).toEqual([123, 99.5]);
    expect(move([60, 98], [4.75, 5], lying)).toEqual([64.75, 103]);
    expect(move([120, 126], [3, -5], lying)).toEqual([123, 124.5]);
  });

  it('knows thicker walls, larger agents and more doors', () => {
    expect(move([80, 120], [9, 0], { wallThickness: 41 })).toEqual([84.5, 120]);
    expect(move([90, 120], [9, 0], { radius: 14 })).toEqual([92.5, 120]);
    expect(move([98, 175], [5, 0], { doors: 2 })).toEqual([103, 175]);
    expect(move([98, 112], [5, 0], { doors: 2 })).toEqual([99.5, 112]);
    expect(move([98, 112], [5, 0], { doors: 3 })).toEqual([103, 112]);
  });
});
