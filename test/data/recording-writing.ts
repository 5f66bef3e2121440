import { recordingWriter } from '../../src/data/recording.ts';

/** A process that records a session with pictures: for being killed. */
const [path] = process.argv.slice(2);
const writer = recordingWriter(
  path!,
  { timeMs: 0, wallMs: 1.7e12, robot: 'dot', actionNames: ['x'] },
  { flushMs: 100 },
);
for (let count = 0; ; count++) {
  writer.frame('front', count, { width: 8, height: 4, data: new Uint8Array(96).fill(count) });
  writer.command(count, [count / 3]);
  process.stdout.write(`${count}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
