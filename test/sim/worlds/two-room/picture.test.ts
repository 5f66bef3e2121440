import { describe, expect, it } from 'vitest';
import { layoutOf, type Point } from '../../../../sim/worlds/two-room/layout.ts';
import { picture } from '../../../../sim/worlds/two-room/picture.ts';

/** Far from everything that a test looks at. */
const AWAY: Point = [190, 190];
const paint = (size: number, agent: Point = AWAY, variations: Record<string, unknown> = {}, target: Point = AWAY) => {
  const { data } = picture(layoutOf(variations), size)(agent, target);
  return (x: number, y: number) => [...data.subarray(3 * (y * size + x), 3 * (y * size + x) + 3)];
};
const BLACK = [0, 0, 0];
const WHITE = [255, 255, 255];

describe('the picture', () => {
  it('has the original pixels at 224: border lines 10..13 and 210..213, wall 107..117, door 35..63', () => {
    const at = paint(224);
    const row = (y: number) => Array.from({ length: 224 }, (_, x) => x).filter((x) => at(x, y)[1] === 0);
    const line = [10, 11, 12, 13];
    const wall = [107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117];
    const far = [210, 211, 212, 213];
    expect(row(100)).toEqual([...line, ...wall, ...far]);
    expect(row(34)).toEqual([...line, ...wall, ...far]);
    expect(row(35)).toEqual([...line, ...far]);
    expect(row(63)).toEqual([...line, ...far]);
    expect(row(64)).toEqual([...line, ...wall, ...far]);
    expect(row(12)).toHaveLength(224);
    expect(row(9)).toEqual([...line, ...wall, ...far]);
  });

  it('draws the agent as a red Gaussian, 1 at its centre, cut off to whole levels', () => {
    const at = paint(224, [50, 150]);
    expect(at(50, 150)).toEqual([255, 0, 0]);
    for (const distance of [1, 5, 7, 14, 20]) {
      const level = Math.floor(255 * (1 - Math.exp(-(distance * distance) / 98)));
      expect(at(50 + distance, 150)).toEqual([255, level, level]);
      expect(at(50, 150 - distance)).toEqual([255, level, level]);
    }
    expect(at(150, 60)).toEqual(WHITE);
  });

  it('follows the continuous position, and is 1 at the pixel nearest to it', () => {
    const at = paint(224, [50.4, 150]);
    expect(at(50, 150)).toEqual([255, 0, 0]);
    const level = (dx: number) => Math.floor(255 * (1 - Math.exp((0.4 * 0.4 - dx * dx) / 98)));
    expect(at(55, 150)[1]).toBe(level(4.6));
    expect(at(45, 150)[1]).toBe(level(5.4));
    const small = [paint(64, [50, 150])(16, 43), paint(64, [50.3, 150])(16, 43)];
    expect(small[0]).not.toEqual(small[1]);
  });

  it('blends the agent over the wall', () => {
    const [red, green, blue] = paint(224, [112, 150])(117, 150);
    expect(red).toBe(Math.floor(255 * Math.exp(-25 / 98)));
    expect([green, blue]).toEqual([0, 0]);
  });

  it('weights walls by the area they cover in smaller pictures', () => {
    // At 64 a pixel is 3.5 px wide: 10..13 covers all of pixel 3 and a seventh of pixel 2.
    const at = paint(64);
    expect(at(1, 30)).toEqual(WHITE);
    expect(at(3, 30)).toEqual(BLACK);
    expect(at(2, 30)[0]).toBe(Math.round(255 * (1 - 0.5 / 3.5)));
    // The wall's 107..117 is [107, 118): pixel 30 covers [105, 108.5), pixel 33 [115.5, 119).
    expect(at(30, 40)[0]).toBe(Math.round(255 * (1 - 1.5 / 3.5)));
    expect([at(31, 40), at(32, 40)]).toEqual([BLACK, BLACK]);
    expect(at(33, 40)[0]).toBe(Math.round(255 * (1 - 2.5 / 3.5)));
  });

  it('halves exactly: a picture of 112 is the mean of the one of 224 where no blob is', () => {
    const [small, large] = [paint(112), paint(224)];
    for (let y = 0; y < 70; y++) {
      for (let x = 0; x < 112; x++) {
        const sum = [0, 1].flatMap((i) => [0, 1].map((j) => large(2 * x + i, 2 * y + j)[0]!)).reduce((a, b) => a + b);
        if (large(2 * x, 2 * y)[1] === 254 || large(2 * x + 1, 2 * y + 1)[1] === 254) continue;
        expect(Math.abs(small(x, y)[0]! - sum / 4)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('draws the target only when asked, in its colour, under the agent', () => {
    expect(paint(224, AWAY, {}, [50, 150])(50, 150)).toEqual(WHITE);
    expect(paint(224, AWAY, { showTarget: true }, [50, 150])(50, 150)).toEqual([0, 255, 0]);
    expect(paint(224, [50, 150], { showTarget: true }, [50, 150])(50, 150)).toEqual([255, 0, 0]);
  });

  it('takes all colours', () => {
    const at = paint(224, [50, 150], {
      agentColour: [1, 2, 3],
      wallColour: [4, 5, 6],
      borderColour: [7, 8, 9],
      doorColour: [10, 11, 12],
      backgroundColour: [13, 14, 15],
    });
    expect(at(50, 150)).toEqual([1, 2, 3]);
    expect(at(112, 100)).toEqual([4, 5, 6]);
    expect(at(11, 100)).toEqual([7, 8, 9]);
    expect(at(112, 49)).toEqual([10, 11, 12]);
    expect(at(150, 60)).toEqual([13, 14, 15]);
  });

  it.each([0, 15, 64.5, 2000, Number.NaN])('refuses a size of %s', (size) => {
    expect(() => picture(layoutOf(), size)).toThrow(RangeError);
  });
});
