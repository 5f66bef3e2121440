import { describe, expect, it } from 'vitest';
import { twoRoomExpert } from '../../../../sim/worlds/two-room/expert.ts';
import { distance, type TwoRoom, twoRoomWorld } from '../../../../sim/worlds/two-room/index.ts';
import { layoutOf } from '../../../../sim/worlds/two-room/layout.ts';
import { roomOf } from '../../../../sim/worlds/two-room/rules.ts';
import { twoRoom } from '../../../../sim/worlds/two-room/task.ts';
import { seeded } from '../../../../src/random.ts';
import { itHasAnExpert, itIsAWorld } from '../../../contracts/world.contract.ts';

const variants: [string, Record<string, unknown>][] = [
  ['two-room', {}],
  ['two-room, swept', { collision: 'swept' }],
  ['two-room, lying wall', { axis: 'horizontal', wallThickness: 21 }],
  ['two-room, three doors', { doors: 3, collision: 'swept', speed: 8, radius: 9 }],
  ['two-room, far targets', { targets: 'other-room', showTarget: true }],
];

for (const [name, variations] of variants) {
  itIsAWorld(name, twoRoom, variations);
  const world = twoRoom.world(variations) as TwoRoom;
  itHasAnExpert(
    name,
    twoRoom,
    world,
    (random) => twoRoomExpert(world.layout, random, 0.3),
    ({ agent, target }) => distance(agent, target) < 16,
    150,
  );
}

describe('the expert', () => {
  const act = (agent: [number, number], target: [number, number], variations = {}) =>
    twoRoomExpert(layoutOf(variations), seeded(1), 0)({ agent, target });

  it('goes straight to a target in its room, in a unit direction', () => {
    expect(act([50, 50], [80, 90])).toEqual([0.6, 0.8]);
    expect(act([50, 50], [50, 50])).toEqual([0, 0]);
  });

  it('goes to the centre of the door, and from 10.5 px of it to the target', () => {
    const toDoor = act([52, 129], [190, 200]);
    expect(toDoor[0]).toBeCloseTo(0.6, 12);
    expect(toDoor[1]).toBeCloseTo(-0.8, 12);
    expect(act([101.4, 49], [180, 49 + 100])).toEqual([1, 0]);
    const [x, y] = act([101.6, 49], [180, 149]);
    expect(y! / x!).toBeCloseTo(100 / (180 - 101.6), 12);
  });

  it('takes the nearest door that fits', () => {
    const doors = { doors: 2, doorPositions: [49, 175], doorHalfSizes: [14, 7.6] };
    expect(act([60, 175], [200, 175], doors)[1]).toBeLessThan(0);
    expect(act([60, 175], [200, 175], { ...doors, doorHalfSizes: [14, 7.8] })).toEqual([1, 0]);
  });

  it('clips its noise to the limits', () => {
    const expert = twoRoomExpert(layoutOf(), seeded(1));
    const actions = Array.from({ length: 500 }, () => expert({ agent: [50, 50], target: [90, 90] })).flat();
    expect(Math.max(...actions)).toBe(1);
    expect(Math.min(...actions)).toBe(-1);
    expect(actions.filter((value) => Math.abs(value) < 1).length).toBeGreaterThan(200);
  });
});

describe('reset', () => {
  it('puts the agent anywhere in 14..209 but into the band of the wall, and the target anywhere', () => {
    const world = twoRoomWorld(layoutOf());
    const drawn = Array.from({ length: 4000 }, (_, seed) => world.reset(seeded(seed)));
    const agents = drawn.map(({ agent }) => agent);
    expect(agents.every(([x]) => x < 100 || x > 124)).toBe(true);
    for (const values of [drawn.flatMap(({ agent }) => agent), drawn.flatMap(({ target }) => target)]) {
      expect(Math.min(...values)).toBeGreaterThanOrEqual(14);
      expect(Math.min(...values)).toBeLessThan(15);
      expect(Math.max(...values)).toBeLessThanOrEqual(209);
      expect(Math.max(...values)).toBeGreaterThan(208);
    }
    expect(drawn.some(({ target: [x] }) => x > 107 && x < 117)).toBe(true);
  });

  it('puts far targets into the other room, 25 steps away', () => {
    const world = twoRoomWorld(layoutOf({ targets: 'other-room' }));
    for (let seed = 0; seed < 300; seed++) {
      const { agent, target } = world.reset(seeded(seed));
      expect(roomOf(world.layout, agent)).not.toBe(roomOf(world.layout, target));
      expect(distance(agent, [112, 49]) + distance([112, 49], target)).toBeGreaterThanOrEqual(125);
    }
  });

  it('ends with far targets even where nothing is far enough', () => {
    const world = twoRoomWorld(layoutOf({ targets: 'other-room', speed: 10.5 }));
    const { agent, target } = world.reset(seeded(1));
    expect(roomOf(world.layout, agent)).not.toBe(roomOf(world.layout, target));
  });
});

describe('variations', () => {
  it.each([
    [{ colision: 'swept' }, /no variation 'colision'/, /did you mean 'collision'/],
    [{ radius: 3 }, /'radius' must be a number in 7..14, got 3/, /radius of the agent/],
    [{ radius: Number.NaN }, /'radius' must be/, /radius/],
    [{ doors: 2, doorPositions: [20] }, /'doorPositions' must be 2 number/, /centre/],
    [{ axis: 'diagonal' }, /'axis' must be one of vertical, horizontal, got "diagonal"/, /wall/],
    [{ agentColour: [0, 0, 256] }, /'agentColour' must be three bytes/, /RGB/],
    [{ showTarget: 'yes' }, /'showTarget' must be true or false/, /target/],
  ])('refuses %j', (given, message, hint) => {
    let thrown: unknown;
    try {
      layoutOf(given);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});
