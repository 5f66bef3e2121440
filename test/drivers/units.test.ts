import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitReader } from '../../src/drivers/units.ts';
import { BadConfig } from '../../src/errors.ts';

const quantity = await unitReader();

describe('quantities', () => {
  it.each([
    ['0.5 m/s', 'm/s', 0.5],
    ['-0.5m/s', 'm/s', -0.5],
    ['  3 mm ', 'm', 0.003],
    ['180 deg', 'rad', Math.PI],
    ['30 deg/s', 'rad/s', Math.PI / 6],
    ['30 deg/s^2', 'rad/s^2', Math.PI / 6],
    ['2 rad/s', 'rad/s', 2],
    ['1 m / s^2', 'm/s^2', 1],
    ['5 m/s^3', 'm/s^3', 5],
    ['3.6 km/h', 'm/s', 1],
    ['100 ms', 'ms', 100],
    ['0.2 s', 'ms', 200],
    ['+1.5e-3 s', 'ms', 1.5],
    ['.5 m', 'm', 0.5],
    ['7', 'm', 7],
    ['7', '', 7],
    ['1e3', 'm/s', 1000],
  ])('%s in %s is %d', (text, unit, expected) => {
    expect(quantity(text, unit)).toBeCloseTo(expected, 12);
  });

  it('take plain numbers as they are', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(quantity(value, 'm/s')).toBe(value);
        expect(quantity(`${value} m/s`, 'm/s')).toBe(Number(`${value}`));
      }),
    );
  });

  it.each([
    ['0.5 rad/s', 'm/s', 'speed must be a quantity in m/s, got "0.5 rad/s"'],
    ['0.5 m', 'm/s', 'speed must be a quantity in m/s, got "0.5 m"'],
    ['fast', 'm/s', 'speed must be a quantity in m/s, got "fast"'],
    ['m/s', 'm/s', 'speed must be a quantity in m/s, got "m/s"'],
    ['', 'm/s', 'speed must be a quantity in m/s, got ""'],
    ['0.5 m', '', 'speed must be a number, got "0.5 m"'],
    ['1e999 m', 'm', 'speed must be a quantity in m, got "1e999 m"'],
    ['1e308 km', 'm', 'speed must be a quantity in m, got "1e308 km"'],
    [Number.NaN, 'm', 'speed must be a quantity in m, got NaN'],
    [Number.POSITIVE_INFINITY, 'm', 'speed must be a quantity in m, got Infinity'],
  ])('%s in %s is refused with what, expected and got', (value, unit, message) => {
    const error = caught(() => quantity(value, unit, 'speed'));
    expect(error).toBeInstanceOf(BadConfig);
    expect(error).toMatchObject({ message, exitCode: 3, hint: expect.stringMatching(/^(write|this one)/) });
  });

  it('say which unit does not exist', () => {
    expect(caught(() => quantity('3 parsnips', 'm'))).toMatchObject({ hint: expect.stringContaining("'parsnips'") });
  });

  it('give a finite number or BadConfig, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9.+-]{1,6} ?[a-z/^*() .0-9-]{0,12}$/),
      fc.constantFrom(
        '5 constructor',
        '5 __proto__',
        '5 toString',
        '1/0 m',
        '1 m^1e9',
        `1 ${'('.repeat(60)}`,
        '9 m'.repeat(1e5),
      ),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('m', 'm/s', 'rad/s^2', 'ms', ''), (value, unit) => {
        try {
          expect(quantity(value, unit)).toSatisfy(Number.isFinite);
        } catch (error) {
          expect(error).toBeInstanceOf(BadConfig);
          expect((error as Error).message.length).toBeLessThan(200);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
