import { readFileSync } from 'node:fs';
import { decode } from 'cbor2';

type Line = { readonly label: string; readonly bin: boolean; readonly data: string };

const lines = readFileSync(new URL('../../fixtures/ros/frames.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

/** The first message with this label that a real server sent. */
export function captured(label: string): Record<string, unknown> {
  const { bin, data } = lines.find((line) => line.label === label)!;
  const published = (bin ? decode(Buffer.from(data, 'base64')) : JSON.parse(data)) as { msg: Record<string, unknown> };
  return published.msg;
}
