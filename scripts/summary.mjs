// Reads the log of a test run and prints its count as one plain line: `N passed, N failed, N skipped`.
// Exits 1 when the log holds no count, so that a run that never tested anything cannot look like a good one.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const lines = stripVTControlCharacters(readFileSync(process.argv[2], 'utf8')).split('\n');
const counts = lines.filter((line) => /^\s*Tests\s+.*\(\d+\)\s*$/.test(line)).at(-1);
const of = (word) => Number(counts?.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0);

if (counts === undefined) {
  console.log('the tests did not run to their end: no count was printed');
  process.exitCode = 1;
} else {
  console.log(`${of('passed')} passed, ${of('failed')} failed, ${of('skipped') + of('todo')} skipped`);
}
