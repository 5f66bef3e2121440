import { expect, it } from 'vitest';
import { readPicture } from '../../../../sim/worlds/two-room/read-picture.ts';
import { twoRoom } from '../../../../sim/worlds/two-room/task.ts';
import { seeded } from '../../../../src/random.ts';

const world = twoRoom.world();

it.each([64, 224])('finds the agent in a picture of %d pixels to two pixels of 224', (size) => {
  const random = seeded(size);
  for (let i = 0; i < 50; i++) {
    const state = world.reset(random);
    const [x, y] = readPicture(world.render(state, size))!;
    expect(Math.hypot(x - state.agent[0], y - state.agent[1])).toBeLessThan(2);
  }
});

it('finds none where none is', () => {
  for (const level of [0, 130, 255]) {
    expect(readPicture({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(level) })).toBeUndefined();
  }
});
