import type { Auxiliary, AuxiliaryShape } from './auxiliaries/auxiliary.ts';
import { contrast } from './auxiliaries/contrast.ts';
import { inverseDynamics } from './auxiliaries/inverse-dynamics.ts';
import { straightening } from './auxiliaries/straightening.ts';

/** By name, as `premotor train --auxiliary` knows them. */
export const auxiliaries: Readonly<Record<string, (shape: AuxiliaryShape) => Auxiliary>> = {
  inverse: (shape) => inverseDynamics(shape),
  straightening,
  contrast: (shape) => contrast(shape),
};
