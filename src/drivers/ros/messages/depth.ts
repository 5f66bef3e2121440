/** From where to where a depth picture is grey, m. */
export type DepthRange = { readonly nearM: number; readonly farM: number };

/** Metres -> grey: 255 at `nearM` (0.1) and nearer, 0 at `farM` (10) and farther; unknown (0, NaN, infinite) is 0. */
export function greyOfDepth({ nearM, farM }: DepthRange = { nearM: 0.1, farM: 10 }): (metres: number) => number {
  if (!(nearM >= 0 && nearM < farM && farM < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`nearM and farM must be 0 <= nearM < farM, got ${nearM} and ${farM}`);
  }
  return (metres) => {
    if (!(metres > 0 && metres < Number.POSITIVE_INFINITY)) return 0;
    return Math.round(255 * Math.min(1, Math.max(0, (farM - metres) / (farM - nearM))));
  };
}
