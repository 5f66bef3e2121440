/** A seeded source of chance. The same seed gives the same numbers on every machine and engine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in {0, ..., count - 1}. */
  integer(count: number): number;
  /** Standard normal. */
  normal(): number;
  /** `count` standard normals. */
  normals(count: number): Float32Array;
  /** An independent source, named: it depends on this one's seed and the name only, not on what was drawn so far. */
  fork(name: string | number): Random;
}

/** xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32; normals by Marsaglia's polar method. */
export function seeded(seed: number): Random {
  let s = (Math.floor(seed) ^ (Math.floor(seed / 2 ** 32) * 0x9e3779b1)) >>> 0;
  const splitmix = () => {
    s = (s + 0x9e3779b9) >>> 0;
    let z = s;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  let spare: number | undefined;

  const next = () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = () => next() / 2 ** 32;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };

  return {
    uniform,
    normal,
    integer: (count) => Math.floor(uniform() * count),
    normals: (count) => {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) values[i] = normal();
      return values;
    },
    fork: (name) => seeded(hash(`${seed}/${name}`)),
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
