import { mcapWriter } from '../../src/data/mcap.ts';

/** A process that records, and says what it has taken: for being killed. Messages say when they were taken. */
const [path, flushMs] = process.argv.slice(2);
const writer = mcapWriter(path!, { profile: '', library: 'test', flushMs: Number(flushMs) });
const channel = { topic: '/count', schema: 'count', encoding: 'json', definition: '{"type":"object"}' } as const;
for (let count = 0; ; count++) {
  const takenMs = performance.now();
  writer.append(channel, BigInt(count), Buffer.from(JSON.stringify({ count, pad: 'x'.repeat(count % 3000) })));
  process.stdout.write(`${count} ${takenMs}\n`);
  await new Promise((resolve) => setTimeout(resolve, 2));
}
