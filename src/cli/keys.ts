import { emitKeypressEvents } from 'node:readline';

/** What keys ask for, on a terminal: any of `keys`, by name. Ctrl-C is as always. Returns how to stop listening. */
export function keys(input: NodeJS.ReadStream, wanted: Readonly<Record<string, () => void>>): () => void {
  if (!input.isTTY) return () => {};
  emitKeypressEvents(input);
  input.setRawMode(true);
  const hear = (_: string, key: { name?: string; ctrl?: boolean } | undefined) => {
    if (key?.ctrl && key.name === 'c') process.kill(process.pid, 'SIGINT');
    else if (key?.name !== undefined && Object.hasOwn(wanted, key.name)) wanted[key.name]!();
  };
  input.on('keypress', hear);
  input.resume();
  return () => {
    input.off('keypress', hear);
    input.setRawMode(false);
    input.pause();
  };
}
