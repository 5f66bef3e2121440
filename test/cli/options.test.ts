import { describe, expect, it } from 'vitest';
import { decimal, pairs, variations, whole } from '../../src/cli/options.ts';
import { UsageError } from '../../src/errors.ts';

describe('whole', () => {
  const episodes = whole('--episodes', { min: 1 });

  it('reads whole numbers', () => {
    expect([episodes('1'), episodes('3000')]).toEqual([1, 3000]);
  });

  it.each(['x', '', '1.5', '0', '-3', '1e3', 'NaN', 'Infinity', '99999999999999999999'])(
    'refuses %j in one clear line',
    (text) => {
      expect(() => episodes(text)).toThrow(new UsageError(`--episodes must be a whole number above 0, got "${text}"`));
    },
  );

  it('names both ends of a range', () => {
    expect(() => whole('--port', { min: 0, max: 65535 })('70000')).toThrow(
      '--port must be a whole number from 0 to 65535, got "70000"',
    );
  });
});

describe('decimal', () => {
  it('reads numbers, and refuses what is none', () => {
    const rate = decimal('--rate', { min: 1e-9 });
    expect(rate('3e-4')).toBe(3e-4);
    for (const text of ['', 'fast', '0', 'NaN', 'Infinity']) expect(() => rate(text)).toThrow(UsageError);
  });
});

describe('pairs', () => {
  it('gathers key=value, numbers as numbers', () => {
    const read = pairs('--vary');
    expect(read('collision=swept', read('speed=4'))).toEqual({ speed: 4, collision: 'swept' });
    expect(() => read('speed')).toThrow('--vary must be given as key=value, got "speed"');
  });
});

describe('variations', () => {
  it('takes values, and names of what is to be drawn', () => {
    const read = variations('--vary');
    expect(read('speed=4', read('colour,noise'))).toEqual({ colour: 'random', noise: 'random', speed: 4 });
    expect(() => read('colour,')).toThrow('--vary must be name=value or names with commas between, got "colour,"');
  });
});
