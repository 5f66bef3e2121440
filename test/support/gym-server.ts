import { execFileSync, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { decoder, encode, type Message } from '../../src/drivers/gym/wire.ts';

/** An environment behind a real socket. */
export type Served = { readonly port: number; close(): void };

const SIDE = 12;
const END = 20;

/** A white column on black that goes left and right: an episode ends after 20 steps. `answers` says how many, then it dies. */
export async function serveColumn(answers = Number.POSITIVE_INFINITY): Promise<Served> {
  let place = 0;
  let step = 0;
  let left = answers;
  const reply = ({ kind, seed, action }: Message['head']) => {
    if (kind === 'hello')
      return encode({ version: 1, env: 'column', low: [-1], high: [1], discrete: false, periodMs: 50 });
    if (kind === 'reset') [place, step] = [((seed as number) % 5) / 5, 0];
    else [place, step] = [Math.min(1, Math.max(0, place + 0.1 * (action as number[])[0]!)), step + 1];
    const picture = new Uint8Array(SIDE * 2 * SIDE * 3); // twice as wide as high
    const column = Math.round(place * (2 * SIDE - 1));
    for (let row = 0; row < SIDE; row++)
      picture.fill(255, 3 * (row * 2 * SIDE + column), 3 * (row * 2 * SIDE + column + 1));
    const head = {
      width: 2 * SIDE,
      height: SIDE,
      state: [place],
      reward: 0,
      terminated: false,
      truncated: step >= END,
    };
    return encode(head, picture);
  };
  const server = createServer((socket) => {
    const decode = decoder();
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const { head } of decode(chunk)) {
        if (left-- <= 0) socket.destroy();
        else socket.write(reply(head));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

const PYTHON = process.env.PREMOTOR_PYTHON ?? 'python3';

/** Can an environment of Gymnasium's be served here? */
export function hasGymnasium(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import gymnasium, pygame'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** `examples/gym_server.py` with an environment that Gymnasium's people wrote. */
export async function servePython(env: string): Promise<Served> {
  const child = spawn(PYTHON, ['examples/gym_server.py', '--env', env, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await new Promise<string[]>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface(child.stdout).once('line', (text) => resolve([text]));
  });
  return { port: Number(line!.split(':').at(-1)), close: () => child.kill('SIGKILL') };
}
