/** Indices, cheapest first; a cost that is not a number counts as the dearest. */
export function rank(costs: Float32Array): number[] {
  const value = (i: number) => (Number.isNaN(costs[i]!) ? Number.POSITIVE_INFINITY : costs[i]!);
  return Array.from(costs.keys()).sort((a, b) => value(a) - value(b) || a - b);
}

/**
 * The cheapest; but the first, what is being done, unless that is better by a `share` of what the first costs. A block may be begun late and still
 * end where it shall: who changes plans for next to nothing, at every look, begins for ever.
 */
export function worthwhile(costs: Float32Array, share: number): number {
  const best = rank(costs)[0]!;
  return costs[0]! - costs[best]! >= share * Math.abs(costs[0]!) || Number.isNaN(costs[0]!) ? best : 0;
}

/** Mean and spread of some candidates: alike (n - 1), or each with its weight, the weights adding up to 1. */
export function refit(
  candidates: Float32Array,
  chosen: readonly number[],
  size: number,
  stdMin: number,
  weights?: readonly number[],
): { mean: Float32Array; std: Float32Array } {
  const mean = new Float32Array(size);
  const std = new Float32Array(size);
  const share = (n: number) => weights?.[n] ?? 1 / chosen.length;
  const unbiased = weights ? 1 : chosen.length / (chosen.length - 1);
  for (let i = 0; i < size; i++) {
    let centre = 0;
    chosen.forEach((k, n) => {
      centre += share(n) * candidates[k * size + i]!;
    });
    let variance = 0;
    chosen.forEach((k, n) => {
      variance += share(n) * (candidates[k * size + i]! - centre) ** 2;
    });
    mean[i] = centre;
    std[i] = Math.max(stdMin, Math.sqrt(unbiased * variance));
  }
  return { mean, std };
}
