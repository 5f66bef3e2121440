import { describe, expect, it } from 'vitest';
import { vary } from '../../../../sim/vary.ts';
import { pointMazeExpert } from '../../../../sim/worlds/point-maze/expert.ts';
import { distance, type PointMaze, type PointMazeState, placeOf } from '../../../../sim/worlds/point-maze/index.ts';
import { cellAt, centreOf, isWall, mazeNames, mazeOf, wayBetween } from '../../../../sim/worlds/point-maze/maze.ts';
import { pointMaze } from '../../../../sim/worlds/point-maze/task.ts';
import { seeded } from '../../../../src/random.ts';
import { itHasAnExpert, itIsAWorld } from '../../../contracts/world.contract.ts';

await pointMaze.prepare!();
itIsAWorld('point-maze', pointMaze);
itIsAWorld(
  'point-maze, medium, all varied',
  vary(pointMaze, { maze: 'medium', colour: 'random', mass: 'random', friction: 'random', lighting: 'random' }),
);

describe.each(mazeNames)('the maze %s', (maze) => {
  const world = pointMaze.world({ maze }) as PointMaze;
  const there = (state: PointMazeState) => distance(placeOf(state), state.target) < 0.2;
  itHasAnExpert(`point-maze ${maze}`, pointMaze, world, (random) => pointMazeExpert(world.layout, random), there, 300);

  it('is one: every cell can be reached from every other, through neighbours', () => {
    const { free } = mazeOf(maze);
    for (const to of free) {
      const way = wayBetween(mazeOf(maze), free[0]!, to);
      expect(way.at(-1)).toEqual(to);
      for (const [i, cell] of way.entries()) {
        const before = way[i - 1] ?? cell;
        expect(Math.abs(cell[0] - before[0]) + Math.abs(cell[1] - before[1])).toBeLessThanOrEqual(1);
      }
    }
  });

  it('keeps the ball out of its walls, however it is pushed', () => {
    const random = seeded(9);
    let state = world.reset(random);
    for (let i = 0; i < 400; i++) {
      if (i % 20 === 0) random.uniform();
      const push = i % 40 < 20 ? [1, 1] : [2 * random.uniform() - 1, -1];
      state = world.step(state, push);
      expect(isWall(world.layout.maze, cellAt(placeOf(state)))).toBe(false);
    }
  });
});

it('gives an expert more than it asks of one: a cell is where its middle is', () => {
  for (const cell of mazeOf('medium').free) expect(cellAt(centreOf(cell))).toEqual(cell);
});
