/**
 * Whether a message, JSON or CBOR, holds more values than `most`, before anything is made of them: a reader takes seconds for
 * the millions that a few MB may hold. What is neither is not looked at closely; a reader will say so.
 */
export function holdsMore(data: string | Uint8Array, most: number): boolean {
  return typeof data === 'string' ? jsonHoldsMore(data, most) : cborHoldsMore(data, most);
}

const [QUOTE, BACKSLASH, COMMA, COLON, BRACKET, BRACE] = [...'"\\,:[{'].map((sign) => sign.charCodeAt(0)) as number[];

/** Every value but the first follows a comma, a colon or an opening bracket. */
function jsonHoldsMore(text: string, most: number): boolean {
  let left = most;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfText(text, at);
    else if ((sign === COMMA || sign === COLON || sign === BRACKET || sign === BRACE) && --left < 0) return true;
  }
  return false;
}

function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

/** Walks from head to head: RFC 8949, section 3. */
function cborHoldsMore(bytes: Uint8Array, most: number): boolean {
  let left = most;
  for (let at = 0; at < bytes.length; ) {
    if (--left < 0) return true;
    const [major, info] = [bytes[at]! >> 5, bytes[at]! & 31];
    const wide = info >= 24 && info <= 27 ? 2 ** (info - 24) : 0;
    let argument = wide === 0 ? info : 0;
    for (let i = 1; i <= wide; i++) argument = argument * 256 + (bytes[at + i] ?? 0);
    const isText = (major === 2 || major === 3) && info !== 31;
    at += 1 + wide + (isText ? argument : 0);
  }
  return false;
}
