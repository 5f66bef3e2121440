import { expect, it } from 'vitest';
import { seeded } from '../../src/random.ts';
import { conformal, fromNearest, toleranceBound } from '../../src/worldmodel/calibrate.ts';

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

it('is exceeded by more than it says no more often than one time in twenty', () => {
  const random = seeded(5);
  for (const count of [59, 150, 500]) {
    let wrong = 0;
    let spare = 0;
    const trials = 1000;
    for (let i = 0; i < trials; i++) {
      const bound = toleranceBound(
        Array.from({ length: count }, () => random.uniform()),
        0.05,
      );
      if (1 - bound > 0.05) wrong++;
      spare += bound / trials;
    }
    expect(wrong / trials).toBeLessThan(0.07); // 0.05 is promised; 0.007 is one standard deviation
    expect(1 - spare).toBeGreaterThan(0.01); // and not by never alarming
  }
  expect(toleranceBound([3, 1, 2], 0.05)).toBe(3);
});

it('measures from the nearest landmark', () => {
  const landmarks = Float32Array.of(0, 0, 3, 4);
  expect(fromNearest(landmarks, Float32Array.of(3, 3))).toBe(1);
  expect(fromNearest(landmarks, Float32Array.of(0, 0))).toBe(0);
});
