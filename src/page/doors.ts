import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { UsageError } from '../errors.ts';

/** Who may come in from other machines: by these words, with the address. */
export type Tokens = {
  /** Who has it may do what the page offers. */
  readonly act: string;
  /** Who has it may look on. */
  readonly look: string;
};
export type Role = keyof Tokens;

export interface Doors {
  /** Is the server called by a name of its own? Names that others could point here are none. */
  isOurs(host: string | undefined): boolean;
  /** May what is asked for by this address be read by who brings no more than it? */
  mayRead(url: string): boolean;
  /** What who asks may do; nothing for strangers. */
  roleOf(request: Pick<IncomingMessage, 'url' | 'headers'>): Role | undefined;
}

const loopback = ['127.0.0.1', 'localhost', '::1'];
/** Is an address this machine's own, which no other can reach? */
export const isLoopback = (host: string): boolean => loopback.includes(host);
const SHORTEST = 32; // hexadecimal letters: 128 bits

/**
 * Decides who comes in. On loopback everybody on this machine may act; on any other address only who brings a token may come in at all.
 * Throws `UsageError` for an address off loopback without tokens, or with ones that can be guessed.
 */
export function doors(host: string, port: () => number, tokens: Tokens | undefined): Doors {
  const isHome = isLoopback(host);
  if (!isHome && tokens === undefined)
    throw new UsageError(`the page is served on this machine only (${loopback.join(', ')}), got host ${host}`, {
      hint: 'other machines need tokens',
    });
  for (const token of isHome ? [] : Object.values(tokens!)) {
    if (token.length < SHORTEST)
      throw new UsageError(`a token must have ${SHORTEST} letters at least, got ${token.length}`);
  }
  const isOurs: Doors['isOurs'] = (name) => {
    const at = name?.lastIndexOf(':') ?? -1;
    if (name === undefined || name.slice(at + 1) !== String(port())) return false;
    const bare = name.slice(0, at).replace(/^\[(.*)\]$/, '$1');
    return isLoopback(bare) || (!isHome && (isIP(bare) > 0 || bare === hostname()));
  };
  const bearer = (url: string) => {
    const given = new URL(url, 'http://any').searchParams.get('token') ?? '';
    return (['act', 'look'] as const).find((role) => same(given, tokens![role]));
  };
  return {
    isOurs,
    mayRead: (url) => isHome || bearer(url) !== undefined,
    roleOf({ url = '', headers: { host: called, origin } }) {
      const from = origin?.startsWith('http://') ? origin.slice(7) : undefined;
      if (!isOurs(called) || !(isHome ? isOurs(from) : from === called)) return undefined;
      return isHome ? 'act' : bearer(url);
    },
  };
}

function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
