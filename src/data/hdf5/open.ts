import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Dataset as H5Dataset, File as H5File } from 'h5wasm/node';
import { DamagedDataset } from '../../errors.ts';

export type { H5Dataset, H5File };

type Library = typeof import('h5wasm/node');

let library: Promise<Library> | undefined;

/** The HDF5 library (15 MB of WebAssembly, read when first asked for) with the filters of published data: Blosc, LZF, Zstandard. */
function load(): Promise<Library> {
  library ??= (async () => {
    const found = await import('h5wasm/node');
    const wasm = await found.ready;
    wasm.activate_throwing_error_handler(); // without it a failed read gives whatever was in memory
    const plugins = dirname(createRequire(import.meta.url).resolve('h5wasm-plugins'));
    wasm.insert_plugin_search_path(join(plugins, 'plugins'), 0);
    return found;
  })();
  return library;
}

/** Opens a file to read. Throws `DamagedDataset`. */
export async function openHdf5(path: string): Promise<H5File> {
  if (!existsSync(path)) throw new DamagedDataset(`cannot read ${path}: there is no such file`);
  const { File } = await load();
  return attempt(path, () => new File(resolve(path), 'r'));
}

/** Begins a file that h5py opens in any mode, SWMR included. */
export async function createHdf5(path: string): Promise<H5File> {
  const { File } = await load();
  return attempt(path, () => new File(resolve(path), 'w', { libver: 'v110' }));
}

/** Does something with a file, and says in one line what the library found wrong. */
export function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof DamagedDataset) throw cause;
    throw new DamagedDataset(`${path} is damaged: ${reasonOf(cause)}`, { cause });
  }
}

/** The library tells a stack of reasons; the last one is where it happened. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reasons = [...text.matchAll(/#\d+: .* in \w+\(\): (.*)/g)].map((match) => match[1]!.trim());
  const filter = reasons.find((reason) => /required filter/.test(reason));
  return filter ?? reasons.at(-1) ?? text.split('\n')[0]!;
}
