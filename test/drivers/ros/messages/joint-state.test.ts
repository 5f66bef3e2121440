import { describe, expect, it } from 'vitest';
import { readJointState } from '../../../../src/drivers/ros/messages/joint-state.ts';
import { captured } from '../frames.ts';
import { expectHardened } from '../hostile.ts';

const state = { name: ['a', 'b', 'c'], position: [1, 2, 3], velocity: [], effort: [] };

describe('joints', () => {
  it('of a real server come in the order asked for, as stamped', () => {
    const { timeMs, position, velocity } = readJointState(captured('JointState/none'), ['b', 'a']);
    expect(position).toEqual([0.5, -0.6181371122370333]);
    expect(velocity).toBeUndefined();
    expect(timeMs).toBeCloseTo(1795455006860.69, 1);
  });

  it('that a real server does not know are NaN, never 0', () => {
    expect(readJointState(captured('JointState/none with NaN'), ['b', 'a']).position).toEqual([
      Number.NaN,
      0.007963183785935567,
    ]);
  });

  it('may be typed arrays, with speeds', () => {
    const message = { ...state, position: Float64Array.of(1, Number.NaN, 3), velocity: Float64Array.of(4, 5, 6) };
    expect(readJointState(message, ['c', 'b'])).toEqual({
      timeMs: undefined,
      position: [3, Number.NaN],
      velocity: [6, 5],
    });
  });

  it.each([
    [{}, ['d'], /name must hold "d", got "a", "b", "c"/],
    [{}, ['toString'], /name must hold "toString"/],
    [{ position: [1, 2] }, ['a'], /position must be a list of 3 numbers, got a list of 2/],
    [{ velocity: [1] }, ['a'], /velocity must be a list of 3 numbers/],
    [{ position: [1, '2', 3] }, ['a'], /position\[1\] must be a number, got "2"/],
    [{ name: ['a', 'a', 'b'] }, ['a'], /every joint once, got "a" twice/],
    [{ name: 'abc' }, ['a'], /name must be a list of texts, got "abc"/],
  ])('with %j are refused', (wrong, names, why) => {
    expect(() => readJointState({ ...state, ...wrong }, names)).toThrow(
      expect.objectContaining({ name: 'BadMessage', message: expect.stringMatching(why) }),
    );
  });

  it('survive everything', () => {
    const valid = [
      captured('JointState/none'),
      captured('JointState/none with NaN'),
      { ...state, velocity: Float64Array.of(4, 5, 6) },
    ];
    expectHardened(
      (message) => readJointState(message, ['b', 'a']),
      valid,
      ({ timeMs, position, velocity }) => {
        for (const list of [position, velocity ?? position]) {
          expect(list.length).toBe(2);
          expect(list.every((value) => typeof value === 'number')).toBe(true);
        }
        expect(timeMs === undefined || timeMs > 0).toBe(true);
      },
    );
  });
});
