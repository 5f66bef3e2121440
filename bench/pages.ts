import { type ChildProcess, spawn } from 'node:child_process';

const CLIENTS = `
const { WebSocket } = await import(process.argv[1]);
const [url, reading, deaf] = process.argv.slice(2);
for (let i = 0; i < Number(reading) + Number(deaf); i++) {
  const socket = new WebSocket(url.replace('http', 'ws') + 'live', { headers: { Origin: new URL(url).origin } });
  socket.on('error', () => {});
  if (i < Number(reading)) socket.on('message', () => {});
  else socket.on('open', () => socket.pause());
}
setInterval(() => {}, 1000);`;

/** Pages that look on, and `deaf` ones that read nothing, in a process of their own: kill it to close them. */
export function lookOn(url: string, reading: number, deaf = 0): ChildProcess {
  const given = [import.meta.resolve('ws'), url, `${reading}`, `${deaf}`];
  return spawn(process.execPath, ['--input-type=module', '-e', CLIENTS, ...given], { stdio: 'inherit' });
}
