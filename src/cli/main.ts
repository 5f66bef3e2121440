#!/usr/bin/env node
import { program } from './program.ts';
import { reportError } from './report-error.ts';

// A reader that went away (`premotor ... | head`) is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  const surroundings = {
    env: process.env,
    dir: process.cwd(),
    write: (text: string) => void process.stdout.write(text),
  };
  await program(surroundings).parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, '--help']);
} catch (error) {
  process.exitCode = reportError(error, { debug: process.argv.includes('--debug') });
}

// Whatever a library left open must not keep a finished command alive.
setTimeout(() => process.exit(), 3000).unref();
