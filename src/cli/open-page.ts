import { join } from 'node:path';
import { PremotorError } from '../errors.ts';
import { type Page, servePage } from '../page/server.ts';
import { DEFAULT_PORT } from './examination.ts';
import { packageRoot } from './package-root.ts';

/** Opens the live page on the port asked for, else on the usual one or the next that is free. */
export const openPage = (port: number | undefined, goalSize?: number): Promise<Page> =>
  port === undefined ? serveNear(DEFAULT_PORT, goalSize) : serve(port, goalSize);

const serve = (port: number, goalSize: number | undefined) =>
  servePage({ port, goalSize, webRoot: join(packageRoot, 'dist/page/web') });

async function serveNear(port: number, goalSize: number | undefined, tries = 20): Promise<Page> {
  try {
    return await serve(port, goalSize);
  } catch (error) {
    const taken =
      error instanceof PremotorError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';
    if (taken && tries > 1) return serveNear(port + 1, goalSize, tries - 1);
    throw error;
  }
}
