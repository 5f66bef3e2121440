import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Random } from '../random.ts';
import { drawDirections, sigregWeights } from './sigreg.ts';

/** How healthy a cloud of latents is. */
export type Health = {
  /** SIGReg of the cloud as if in batches of 128; an ideal cloud reads `SIGREG_FLOOR`, a collapsed one 51. */
  readonly sigreg: number;
  /** exp(entropy of the covariance spectrum): how many directions carry spread. */
  readonly effectiveRank: number;
  /** Smallest and mean standard deviation over dimensions. */
  readonly stdMin: number;
  readonly stdMean: number;
  /** Collapsed: too little spread to tell futures apart. */
  readonly collapsed: boolean;
};

const REFERENCE_BATCH = 128;
const DIRECTIONS = 64;

/** `latents` `[count, D]`. */
export function health(latents: Float32Array, dim: number, random: Random): Health {
  const count = latents.length / dim;
  const { mean, covariance } = moments(latents, dim);
  const stds = mean.map((_, i) => Math.sqrt(covariance[i * dim + i]!));
  const matrix = new Matrix(
    Array.from({ length: dim }, (_, i) => Array.from(covariance.subarray(i * dim, (i + 1) * dim))),
  );
  const spectrum = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues.map((v) =>
    Math.max(0, v),
  );
  const total = spectrum.reduce((a, b) => a + b, 0);
  const entropy = -spectrum.reduce((sum, v) => sum + (v > 0 ? (v / total) * Math.log(v / total) : 0), 0);
  const stdMean = stds.reduce((a, b) => a + b, 0) / dim;
  return {
    sigreg: statistic(latents, dim, count, random),
    effectiveRank: total > 0 ? Math.exp(entropy) : 0,
    stdMin: Math.min(...stds),
    stdMean,
    collapsed: stdMean < 0.1,
  };
}

/** Mean `[D]` and covariance `[D, D]` of rows `[count, D]`. */
export function moments(rows: Float32Array, dim: number): { mean: number[]; covariance: Float64Array } {
  const count = rows.length / dim;
  const mean = new Array<number>(dim).fill(0);
  for (let i = 0; i < rows.length; i++) mean[i % dim]! += rows[i]! / count;
  const covariance = new Float64Array(dim * dim);
  for (let row = 0; row < count; row++) {
    for (let a = 0; a < dim; a++) {
      const first = rows[row * dim + a]! - mean[a]!;
      for (let b = 0; b <= a; b++) covariance[a * dim + b]! += (first * (rows[row * dim + b]! - mean[b]!)) / count;
    }
  }
  for (let a = 0; a < dim; a++) for (let b = 0; b < a; b++) covariance[b * dim + a] = covariance[a * dim + b]!;
  return { mean, covariance };
}

/** SIGReg over groups of 128 rows, averaged, in plain arithmetic: independent of the engine. */
function statistic(latents: Float32Array, dim: number, count: number, random: Random): number {
  const directions = drawDirections(dim, DIRECTIONS, random);
  const groups = Math.max(1, Math.floor(count / REFERENCE_BATCH));
  const size = Math.min(count, REFERENCE_BATCH);
  let total = 0;
  for (let group = 0; group < groups; group++) {
    for (let m = 0; m < DIRECTIONS; m++) {
      const projected = Array.from({ length: size }, (_, n) => {
        const row = (group * size + n) * dim;
        let sum = 0;
        for (let d = 0; d < dim; d++) sum += latents[row + d]! * directions[d * DIRECTIONS + m]!;
        return sum;
      });
      sigregWeights.forEach((weight, k) => {
        const t = (3 * k) / 16;
        let [cosine, sine] = [0, 0];
        for (const h of projected) {
          cosine += Math.cos(t * h) / size;
          sine += Math.sin(t * h) / size;
        }
        total += REFERENCE_BATCH * weight * ((cosine - Math.exp((-t * t) / 2)) ** 2 + sine ** 2);
      });
    }
  }
  return total / (groups * DIRECTIONS);
}
