import { Matrix, solve } from 'ml-matrix';

/** A linear read-out of a latent: `weights` `[D, K]`, `bias` `[K]`. */
export type Probe = { readonly weights: Float32Array; readonly bias: Float32Array };

/** Ridge regression from latents `[count, D]` to targets `[count, K]`. */
export function fitProbe(latents: Float32Array, targets: Float32Array, dim: number, ridge = 1e-3): Probe {
  const count = latents.length / dim;
  const outputs = targets.length / count;
  const width = dim + 1;
  const gram = Matrix.zeros(width, width);
  const moment = Matrix.zeros(width, outputs);
  const row = new Float64Array(width).fill(1);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dim; d++) row[d] = latents[i * dim + d]!;
    for (let a = 0; a < width; a++) {
      for (let b = 0; b <= a; b++) gram.set(a, b, gram.get(a, b) + row[a]! * row[b]!);
      for (let k = 0; k < outputs; k++) moment.set(a, k, moment.get(a, k) + row[a]! * targets[i * outputs + k]!);
    }
  }
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < a; b++) gram.set(b, a, gram.get(a, b));
    gram.set(a, a, gram.get(a, a) + ridge * count);
  }
  const solution = solve(gram, moment);
  return {
    weights: Float32Array.from({ length: dim * outputs }, (_, i) => solution.get(Math.floor(i / outputs), i % outputs)),
    bias: Float32Array.from({ length: outputs }, (_, k) => solution.get(dim, k)),
  };
}

/** Read-out of one latent `[D]` -> `[K]`. */
export function readOut({ weights, bias }: Probe, latent: Float32Array): number[] {
  return Array.from(bias, (value, k) => latent.reduce((sum, x, d) => sum + x * weights[d * bias.length + k]!, value));
}

/** Share of the variance explained, per output, on latents the probe was not fitted on. */
export function explained(probe: Probe, latents: Float32Array, targets: Float32Array): number[] {
  const outputs = probe.bias.length;
  const dim = probe.weights.length / outputs;
  const count = latents.length / dim;
  const mean = new Float64Array(outputs);
  targets.forEach((value, i) => {
    mean[i % outputs]! += value / count;
  });
  const [errors, spread] = [new Float64Array(outputs), new Float64Array(outputs)];
  for (let i = 0; i < count; i++) {
    readOut(probe, latents.subarray(i * dim, (i + 1) * dim)).forEach((value, k) => {
      const truth = targets[i * outputs + k]!;
      errors[k]! += (value - truth) ** 2;
      spread[k]! += (truth - mean[k]!) ** 2;
    });
  }
  return Array.from(errors, (error, k) => (spread[k]! > 0 ? 1 - error / spread[k]! : 0));
}
