/**
 * Where a worker or child process that lies beside a module is, and how to start it: from the sources (`.ts`, through
 * tsx) and from the build (`.js`).
 */
export function sibling(importMetaUrl: string, name: string): { url: URL; execArgv: string[] } {
  const source = importMetaUrl.endsWith('.ts');
  return {
    url: new URL(`./${name}${source ? '.ts' : '.js'}`, importMetaUrl),
    execArgv: source ? ['--import', 'tsx'] : [],
  };
}
