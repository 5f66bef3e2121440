/** Thirds of the way from 0 to 1, in words. */
export const place = (at: number, [low, middle, high]: readonly string[]): Readonly<Record<string, boolean>> => ({
  [low!]: at < 1 / 3,
  [middle!]: at >= 1 / 3 && at <= 2 / 3,
  [high!]: at > 2 / 3,
});
