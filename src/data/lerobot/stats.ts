import type { Type } from './table.ts';

const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;
const NAMES = ['min', 'max', 'mean', 'std', ...(Object.keys(QUANTILES) as (keyof typeof QUANTILES)[])] as const;
type Name = (typeof NAMES)[number];

/** What is told of each number of a feature over some rows. */
export type Stats = Readonly<Record<Name, Float64Array>> & { readonly count: number };

/** Of numbers `[rows, width]`. */
export function statsOf(values: ArrayLike<number>, width: number): Stats {
  const rows = values.length / width;
  const stats = blank(width, rows);
  const column = new Float64Array(rows);
  for (let i = 0; i < width; i++) {
    for (let row = 0; row < rows; row++) column[row] = values[row * width + i]!;
    column.sort();
    const at = (quantile: number) => {
      const place = quantile * (rows - 1);
      const low = Math.floor(place);
      return column[low]! + (place - low) * (column[Math.ceil(place)]! - column[low]!);
    };
    moments(stats, i, column, () => 1);
    for (const [name, quantile] of Object.entries(QUANTILES)) stats[name as Name][i] = at(quantile);
    [stats.min[i], stats.max[i]] = [column[0]!, column[rows - 1]!];
  }
  return stats;
}

/** Of the three channels of RGB pictures, each from 0 to 1. */
export function pictureStats(pictures: readonly Uint8Array[]): Stats {
  const counts = [0, 1, 2].map(() => new Float64Array(256));
  for (const picture of pictures) for (let i = 0; i < picture.length; i++) counts[i % 3]![picture[i]!]!++;
  const stats = blank(3, pictures.length);
  const levels = Float64Array.from({ length: 256 }, (_, level) => level / 255);
  for (const [channel, count] of counts.entries()) {
    moments(stats, channel, levels, (level) => count[level]!);
    const total = count.reduce((sum, each) => sum + each, 0);
    const at = (quantile: number) => {
      let level = 0;
      for (let sum = count[0]!; sum <= quantile * (total - 1); sum += count[level]!) level++;
      return levels[level]!;
    };
    for (const [name, quantile] of Object.entries({ ...QUANTILES, min: 0, max: 1 }))
      stats[name as Name][channel] = at(quantile);
  }
  return stats;
}

/** Of all episodes together, as lerobot adds them up: quantiles are means of the episodes' own. */
export function together(a: Stats, b: Stats): Stats {
  const sum = blank(a.mean.length, a.count + b.count);
  const [p, q] = [a.count / sum.count, b.count / sum.count];
  for (let i = 0; i < a.mean.length; i++) {
    for (const name of NAMES) sum[name][i] = p * a[name][i]! + q * b[name][i]!;
    sum.min[i] = Math.min(a.min[i]!, b.min[i]!);
    sum.max[i] = Math.max(a.max[i]!, b.max[i]!);
    const spread = (of: Stats) => of.std[i]! ** 2 + (of.mean[i]! - sum.mean[i]!) ** 2;
    sum.std[i] = Math.sqrt(p * spread(a) + q * spread(b));
  }
  return sum;
}

type Shape = 'numbers' | 'picture';

/** For `stats.json`: lists, of pictures `[3, 1, 1]`. */
export function statsJson(stats: Stats, shape: Shape): Record<string, unknown> {
  const values = (of: Float64Array) => Array.from(of, (value) => (shape === 'picture' ? [[value]] : value));
  return { ...Object.fromEntries(NAMES.map((name) => [name, values(stats[name])])), count: [stats.count] };
}

/** Columns `stats/<feature>/...` of `meta/episodes`. */
export function statsColumns(feature: string, shape: Shape): Record<string, Type> {
  const row: Type = shape === 'picture' ? { list: { list: 'DOUBLE' } } : 'DOUBLE';
  const columns = NAMES.map((name) => [`stats/${feature}/${name}`, { list: row }] as const);
  return { ...Object.fromEntries(columns), [`stats/${feature}/count`]: { list: 'INT64' } };
}

/** One row of these columns. */
export function statsRow(feature: string, stats: Stats, shape: Shape): Record<string, unknown> {
  const cells = Object.entries(statsJson(stats, shape)).map(([name, value]) => [`stats/${feature}/${name}`, value]);
  return { ...Object.fromEntries(cells), [`stats/${feature}/count`]: [BigInt(stats.count)] };
}

const blank = (width: number, count: number): Stats =>
  ({ ...Object.fromEntries(NAMES.map((name) => [name, new Float64Array(width)])), count }) as Stats;

function moments(stats: Stats, i: number, values: Float64Array, weight: (at: number) => number): void {
  let [sum, total] = [0, 0];
  values.forEach((value, at) => {
    sum += weight(at) * value;
    total += weight(at);
  });
  const mean = sum / total;
  let squares = 0;
  values.forEach((value, at) => {
    squares += weight(at) * (value - mean) ** 2;
  });
  stats.mean[i] = mean;
  stats.std[i] = Math.sqrt(squares / total);
}
