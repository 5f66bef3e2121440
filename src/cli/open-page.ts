import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { PremotorError } from '../errors.ts';
import { isLoopback } from '../page/doors.ts';
import { type Page, type PageOptions, servePage } from '../page/server.ts';
import { DEFAULT_PORT } from './examination.ts';
import { packageRoot } from './package-root.ts';

export type OpenPage = Pick<PageOptions, 'goalSize' | 'metrics' | 'host'> & { readonly port?: number | undefined };
/** A page, and where people find it: an address to act, and, off this machine's own, one to look on. */
export type OpenedPage = Page & { readonly lookUrl: string | undefined };

/** Letters of a token. */
const LETTERS = 32;

/** Opens the live page on the port asked for, else on the usual one or the next that is free; for other machines with fresh tokens. */
export async function openPage({ port, ...more }: OpenPage): Promise<OpenedPage> {
  const isHome = more.host === undefined || isLoopback(more.host);
  const token = () => randomBytes(LETTERS / 2).toString('hex');
  const tokens = isHome ? undefined : { act: token(), look: token() };
  const options = { ...more, tokens };
  const page = port === undefined ? await serveNear(DEFAULT_PORT, options) : await serve(port, options);
  if (tokens === undefined) return Object.assign(page, { lookUrl: undefined });
  const base = page.url.replace(/\/\/(0\.0\.0\.0|\[::\])/, `//${ownAddress()}`);
  return { ...page, url: `${base}?token=${tokens.act}`, lookUrl: `${base}?token=${tokens.look}` };
}

type Served = Pick<PageOptions, 'goalSize' | 'metrics' | 'host' | 'tokens'>;

const serve = (port: number, options: Served) =>
  servePage({ port, ...options, webRoot: join(packageRoot, 'dist/page/web') });

async function serveNear(port: number, options: Served, tries = 20): Promise<Page> {
  try {
    return await serve(port, options);
  } catch (error) {
    const taken =
      error instanceof PremotorError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE';
    if (taken && tries > 1) return serveNear(port + 1, options, tries - 1);
    throw error;
  }
}

/** Where others find this machine. */
const ownAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
