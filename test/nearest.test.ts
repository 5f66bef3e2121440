import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../src/nearest.ts';

describe('nearest', () => {
  it.each([
    ['tworoom', 'two-room'],
    ['Two-Roon', 'two-room'],
    ['trian', 'train'],
    ['colect', 'collect'],
    ['--episdoes', '--episodes'],
  ])('%s is meant to be %s', (word, meant) => {
    expect(nearest(word, ['two-room', 'train', 'collect', 'eval', '--episodes'])).toBe(meant);
  });

  it('says nothing when nothing is near', () => {
    expect(nearest('banana', ['two-room', 'train'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });
});

describe('the edit distance', () => {
  const word = fc.string({ maxLength: 8 });
  it('is 0 for equal words only, symmetric, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
