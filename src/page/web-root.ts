import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { Hono } from 'hono';
import { PremotorError } from '../errors.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const headers = {
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; object-src 'none'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/**
 * The built page. It is read once: a request names an entry of a map and never a path on the disk.
 * With `metrics`, those are there at `/metrics`. Requests that call this server by another name (`allowedHost`) or want more than to read are refused.
 * Throws a PremotorError when the page is not built.
 */
export function webRoot(
  folder: string,
  allowedHost: (host: string | undefined) => boolean,
  metrics?: { readonly text: () => string; readonly mayRead: (url: string) => boolean },
): Hono {
  const files = read(folder);
  const app = new Hono();
  app.use(async (context, next) => {
    if (!allowedHost(context.req.header('host'))) return context.text('forbidden: unknown host', 403, headers);
    if (context.req.raw.method !== 'GET') return context.text('only GET', 405, { ...headers, Allow: 'GET' });
    return next();
  });
  if (metrics)
    app.get('/metrics', (context) =>
      !metrics.mayRead(context.req.url)
        ? context.text('forbidden: bring the token', 403, headers)
        : context.body(metrics.text(), 200, { ...headers, 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
    );
  app.get('*', (context) => {
    const { path } = context.req;
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return context.text('not found', 404, headers);
    return context.body(file.bytes, 200, { ...headers, 'Content-Type': file.type });
  });
  return app;
}

function read(folder: string) {
  const files = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const type = types[extname(entry.name)];
      if (!entry.isFile() || type === undefined) continue;
      files.set(`/${relative(folder, path).split(sep).join('/')}`, { bytes: new Uint8Array(readFileSync(path)), type });
    }
  } catch (cause) {
    throw new PremotorError(`the page cannot be read from ${folder}`, { hint: 'run `npm run build`', cause });
  }
  if (!files.has('/index.html')) {
    throw new PremotorError(`the page is not built: no index.html in ${folder}`, { hint: 'run `npm run build`' });
  }
  return files;
}
