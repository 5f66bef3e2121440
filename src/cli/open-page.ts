import { join } from 'node:path';
import { PremotorError } from '../errors.ts';
import { type Page, type PageOptions, servePage } from '../page/server.ts';
import { DEFAULT_PORT } from './examination.ts';
import { packageRoot } from './package-root.ts';

/** Opens the live page on the port asked for, else on the usual one or the next that is free. */
export const openPage = (port: number | undefined, more: More = {}): Promise<Page> =>
  port === undefined ? serveNear(DEFAULT_PORT, more) : serve(port, more);

type More = Pick<PageOptions, 'goalSize' | 'metrics'>;

const serve = (port: number, more: More) => servePage({ port, ...more, webRoot: join(packageRoot, 'dist/page/web') });

async function serveNear(port: number, more: More, tries = 20): Promise<Page> {
  try {
    return await serve(port, more);
  } catch (error) {
    const taken =
      error instanceof PremotorError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';
    if (taken && tries > 1) return serveNear(port + 1, more, tries - 1);
    throw error;
  }
}
