import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Where a child process's module that lies beside another one is, and how to start it: from the sources (`.ts`, through
 * tsx) and from the build (`.js`).
 */
export function sibling(importMetaUrl: string, name: string): { url: URL; execArgv: string[] } {
  const source = importMetaUrl.endsWith('.ts');
  return {
    url: new URL(`./${name}${source ? '.ts' : '.js'}`, importMetaUrl),
    execArgv: source ? ['--import', 'tsx'] : [],
  };
}

/** Starts the worker thread whose module lies beside another one. Node 20 ignores tsx's `--import` in workers. */
export function siblingWorker(importMetaUrl: string, name: string, options: WorkerOptions = {}): Worker {
  const { url, execArgv } = sibling(importMetaUrl, name);
  if (execArgv.length === 0) return new Worker(url, options);
  const tsxPackage = pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'));
  const tsx = new URL('dist/esm/api/index.mjs', tsxPackage).href;
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(start, { ...options, eval: true, execArgv: [] });
}
