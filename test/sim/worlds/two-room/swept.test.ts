import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutOf, type Point } from '../../../../sim/worlds/two-room/layout.ts';
import { roomOf } from '../../../../sim/worlds/two-room/rules.ts';
import { clearance, legalSegment, sweptMove, wallBlocks } from '../../../../sim/worlds/two-room/swept.ts';

const standard = layoutOf({ collision: 'swept' });
const blocks = wallBlocks(standard);
const move = (from: Point, by: Point) => sweptMove(standard, blocks, from, by);
const near = (point: Point, expected: Point) => {
  expect(point[0]).toBeCloseTo(expected[0], 5);
  expect(point[1]).toBeCloseTo(expected[1], 5);
};

const coordinate = fc.double({ min: 14, max: 210, noNaN: true });
const action = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }));
const layouts = fc.record({
  radius: fc.double({ min: 7, max: 14, noNaN: true }),
  speed: fc.double({ min: 1.75, max: 10.5, noNaN: true }),
  axis: fc.constantFrom('vertical', 'horizontal'),
  wallThickness: fc.integer({ min: 7, max: 41 }),
  doors: fc.integer({ min: 1, max: 3 }),
  doorPositions: fc.array(fc.integer({ min: 0, max: 223 }), { minLength: 3, maxLength: 3 }),
  doorHalfSizes: fc.array(fc.integer({ min: 1, max: 21 }), { minLength: 3, maxLength: 3 }),
});

describe('a swept disc', () => {
  it('moves freely where nothing is', () => {
    expect(move([50, 100], [3, -4])).toEqual([53, 96]);
  });

  it('stops at the wall where the rim touches and slides along it', () => {
    near(move([98, 120], [5, 3]), [100, 123]);
    near(move([126, 120], [-5, 3]), [124, 123]);
    near(move([22, 22], [-5, 4]), [21, 26]);
    near(move([22, 22], [-5, -5]), [21, 21]);
  });

  it('meets the jambs inside the doorway', () => {
    near(move([112, 54], [0, 5]), [112, 56]);
    near(move([112, 44], [3, -5]), [115, 42]);
  });

  it('rounds a corner of the door along its tangent', () => {
    const [x, y] = move([98, 62], [5, 0]);
    // The corner is at (107, 63): the disc is turned away from it, into the doorway.
    expect(Math.hypot(x - 107, y - 63)).toBeGreaterThanOrEqual(7);
    expect(y).toBeLessThan(62);
    expect(x).toBeGreaterThan(100);
  });

  it('does not tunnel, however long the move', () => {
    near(move([50, 150], [120, 0]), [100, 150]);
    near(move([50, 49], [120, 0]), [170, 49]);
  });

  it('never penetrates anything, in any layout', () => {
    fc.assert(
      fc.property(layouts, coordinate, coordinate, fc.array(action, { maxLength: 60 }), (given, x, y, actions) => {
        const layout = layoutOf({ ...given, collision: 'swept' });
        const solid = wallBlocks(layout);
        let at: Point = sweptMove(layout, solid, [x, y], [0, 0]);
        // Where the doors leave less room than a disc, no place beside them may exist.
        fc.pre(clearance(layout, solid, at) >= 0);
        for (const [ax, ay] of actions) {
          const before = at;
          at = sweptMove(layout, solid, at, [ax * layout.speed, ay * layout.speed]);
          expect(clearance(layout, solid, at)).toBeGreaterThanOrEqual(-1e-9);
          const asked = Math.hypot(ax, ay) * layout.speed;
          expect(Math.hypot(at[0] - before[0], at[1] - before[1])).toBeLessThanOrEqual(asked + 1e-4);
        }
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('changes rooms through the doorway only', () => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.array(action, { maxLength: 60 }), (x, y, actions) => {
        let at: Point = move([x, y], [0, 0]);
        for (const [ax, ay] of actions) {
          const before = at;
          at = move(at, [ax * 5, ay * 5]);
          if (roomOf(standard, at) === roomOf(standard, before)) continue;
          expect(legalSegment(standard, blocks, before, at)).toBe(true);
          expect(at[1]).toBeGreaterThanOrEqual(42);
          expect(at[1]).toBeLessThanOrEqual(56);
        }
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('agrees with a march of tiny steps about whether something is in the way', () => {
    let free = 0;
    let stopped = 0;
    fc.assert(
      fc.property(coordinate, coordinate, action, (x, y, [ax, ay]) => {
        const from = move([x, y], [0, 0]);
        const [dx, dy] = [ax * 60, ay * 60];
        const gaps = Array.from({ length: 1001 }, (_, i) =>
          clearance(standard, blocks, [from[0] + (dx * i) / 1000, from[1] + (dy * i) / 1000]),
        );
        const [endX, endY] = move(from, [dx, dy]);
        const missed = Math.hypot(endX - from[0] - dx, endY - from[1] - dy);
        if (Math.min(...gaps) > 0.05) {
          free++;
          expect(missed).toBeLessThan(1e-9);
        } else if (Math.min(...gaps) < -0.05) {
          stopped++;
          expect(missed).toBeGreaterThan(1e-3);
        }
      }),
      { numRuns: 400, seed: 3 },
    );
    expect(Math.min(free, stopped)).toBeGreaterThan(20);
  });

  it('is put beside what it starts in', () => {
    near(move([110, 150], [0, 0]), [100, 150]);
    near(move([14, 14], [0, 0]), [21, 21]);
  });
});

describe('the blocks of a wall', () => {
  it('are what the doors leave', () => {
    const spans = (variations: Record<string, unknown>) =>
      wallBlocks(layoutOf(variations)).map(({ y0, y1 }) => [y0, y1]);
    expect(spans({})).toEqual([
      [-1000, 35],
      [63, 1000],
    ]);
    expect(spans({ doors: 3, doorPositions: [60, 50, 150], doorHalfSizes: [10, 10, 10] })).toEqual([
      [-1000, 40],
      [70, 140],
      [160, 1000],
    ]);
  });
});
