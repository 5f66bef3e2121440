import { expect, it } from 'vitest';
import { jsonLines } from '../../src/data/json-lines.ts';

it('writes a value a line, and nothing for none', () => {
  expect(jsonLines([{ a: 1 }, ['two\nlines'], null])).toBe('{"a":1}\n["two\\nlines"]\nnull\n');
  expect(jsonLines([])).toBe('');
});
