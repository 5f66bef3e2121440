import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, simulateInChild } from './child.ts';
import type { Planted } from './planted.ts';

export type Caught = { readonly name: string; readonly seeds: number | undefined; readonly by: string };

/** The source with the mistake in it. Throws unless its place stands there once. */
export function placed({ name, file, from, to }: Planted): string {
  const text = readFileSync(join(root, file), 'utf8');
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Error(`"${name}": its place must stand once in ${file}, got ${times} times`);
  return text.replace(from, () => to);
}

/** Plants a mistake in a copy of the sources, and simulates until it shows. `seeds`: how many it took; undefined if it did not. */
export async function plant(one: Planted, seeds = 200): Promise<Caught> {
  const { name, file } = one;
  const text = placed(one);
  const copy = mkdtempSync(join(tmpdir(), 'premotor-planted-'));
  try {
    mkdirSync(join(copy, 'test'));
    cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
    cpSync(join(root, 'test/simulation'), join(copy, 'test/simulation'), { recursive: true });
    for (const one of ['node_modules', 'package.json', 'tsconfig.json']) symlinkSync(join(root, one), join(copy, one));
    writeFileSync(join(copy, file), text);
    return { name, ...(await simulateUntilCaught(copy, seeds)) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function simulateUntilCaught(folder: string, seeds: number): Promise<Omit<Caught, 'name'>> {
  const { result, said } = await simulateInChild(['--until-violation', '--seeds', `${seeds}`], { folder });
  const by = said.match(/^seed .*? s: (.*)$/m)?.[1] ?? '';
  return { seeds: result.violations > 0 ? result.seeds : undefined, by };
}

/** Does work on every one, two at a time. */
export async function twoAtATime<In, Out>(list: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  let next = 0;
  const run = async () => {
    while (next < list.length) {
      const at = next++;
      done[at] = await work(list[at]!);
    }
  };
  await Promise.all([run(), run()]);
  return done;
}
