import { stripVTControlCharacters } from 'node:util';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { reportError } from '../../src/cli/report-error.ts';
import { DamagedDataset, UsageError } from '../../src/errors.ts';

const report = (error: unknown, debug = false) => {
  const parts: string[] = [];
  const code = reportError(error, { debug, write: (part) => void parts.push(part) });
  return { code, text: stripVTControlCharacters(parts.join('')) };
};

describe('reportError', () => {
  it('says what happened and how to mend it', () => {
    expect(report(new DamagedDataset('data set d:\n  shard 3 is cut off', { hint: 'collect it again' }))).toEqual({
      code: 1,
      text: 'error: data set d: shard 3 is cut off\nhint: collect it again\n',
    });
  });

  it('tells wrong use by its exit code', () => {
    expect(report(new UsageError('no task tworoom', { hint: 'did you mean two-room?' })).code).toBe(2);
    expect(report(new RangeError('elites must be at most samples (300), got 400'))).toEqual({
      code: 2,
      text: 'error: elites must be at most samples (300), got 400\n',
    });
  });

  it('turns what commander guesses into a hint', () => {
    const error = new CommanderError(
      1,
      'commander.unknownOption',
      "error: unknown option '--episode'\n(Did you mean --episodes?)",
    );
    expect(report(error)).toEqual({
      code: 2,
      text: "error: unknown option '--episode'\nhint: did you mean --episodes?\n",
    });
  });

  it.each([
    [new TypeError("Cannot read properties of undefined (reading 'x')")],
    [Object.assign(new TypeError('The "path" argument must be of type string'), { code: 'ERR_INVALID_ARG_TYPE' })],
    ['thrown text'],
  ])('keeps the unforeseen to one line and offers --debug: %s', (error) => {
    const { code, text } = report(error);
    expect(code).toBe(1);
    expect(text).toMatch(/^error: .*\nhint: run again with --debug for the details\n$/);
  });

  it('shows stacks and causes with --debug', () => {
    const text = report(new DamagedDataset('cut off', { cause: new Error('read 3 of 8 bytes') }), true).text;
    expect(text).toContain('report-error.test.ts');
    expect(text).toContain('caused by: Error: read 3 of 8 bytes');
  });

  it('knows a full disk', () => {
    expect(
      report(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })).text,
    ).toContain('the disk is full');
  });
});
