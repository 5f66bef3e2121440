import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerMessage, Snapshot } from '../../src/page/telemetry.ts';

/** Waits until the expectations hold; fails with the last one that did not. */
export const eventually = <T>(expectations: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(expectations, { timeout: 20_000, interval: 5 });

/** A built page small enough for a test, with a secret beside its folder. */
export function smallWebRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  writeFileSync(join(folder, 'secret.js'), 'secret');
  const root = join(folder, 'web');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(root, 'assets', 'app.js'), 'export {};');
  return root;
}

/** A socket at the page's server, with everything it heard. Rejects with the refusal's status. */
export function listenTo(url: string, headers: Record<string, string> = {}, path = 'live') {
  const heard: (Uint8Array | ServerMessage)[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, {
    headers: { Origin: new URL(url).origin, ...headers },
  });
  socket.on('message', (data: Buffer, isBinary) =>
    heard.push(isBinary ? new Uint8Array(data) : JSON.parse(data.toString())),
  );
  const snapshots = (): Snapshot[] =>
    heard.flatMap((message) => ('kind' in message && message.kind === 'snapshot' ? [message.snapshot] : []));
  const pictures = (): Uint8Array[] => heard.filter((message) => message instanceof Uint8Array);
  const opened = new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      reject(new Error(String(response.statusCode)));
    });
    socket.on('error', reject);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  return { socket, heard, snapshots, pictures, opened, closed };
}

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string };

/** A request exactly as written: `fetch` would tidy its path and its Host. */
export function ask(
  url: string,
  { path = '/', method = 'GET', headers = {} }: { path?: string; method?: string; headers?: Record<string, string> },
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    request.on('error', reject);
    request.end();
  });
}
