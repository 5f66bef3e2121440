/** Wilson's 95 % interval of a share, in percent: where the true rate may be, after so many successes in so many tries. */
export function wilson(successes: number, tries: number): readonly [low: number, high: number] {
  if (tries === 0) return [0, 100];
  const z = 1.959964;
  const share = successes / tries;
  const middle = share + z ** 2 / (2 * tries);
  const reach = z * Math.sqrt((share * (1 - share)) / tries + z ** 2 / (4 * tries ** 2));
  const scale = 100 / (1 + z ** 2 / tries);
  return [Math.max(0, scale * (middle - reach)), Math.min(100, scale * (middle + reach))];
}
