import { expect, it } from 'vitest';
import { seeded } from '../../src/random.ts';
import { conformal, fromNearest } from '../../src/worldmodel/calibrate.ts';

it('is exceeded by a new value no more often than it says', () => {
  const random = seeded(3);
  let exceeded = 0;
  const [trials, known] = [4000, 59];
  for (let i = 0; i < trials; i++) {
    const values = [...random.normals(known)];
    if (random.normals(1)[0]! > conformal(values, 0.05)) exceeded++;
  }
  expect(exceeded / trials).toBeLessThan(0.06); // 0.05 is promised; 0.0034 is one standard deviation
  expect(exceeded / trials).toBeGreaterThan(0.03); // and not by never alarming
});

it('is the largest where there are too few to say', () => {
  expect(conformal([3, 1, 2], 0.05)).toBe(3);
  expect(conformal([5, 4, 3, 2, 1], 0.5)).toBe(3);
});

it('measures from the nearest landmark', () => {
  const landmarks = Float32Array.of(0, 0, 3, 4);
  expect(fromNearest(landmarks, Float32Array.of(3, 3))).toBe(1);
  expect(fromNearest(landmarks, Float32Array.of(0, 0))).toBe(0);
});
