import { confused } from '../objectives/contrastive.ts';
import type { Auxiliary, AuxiliaryShape } from './auxiliary.ts';

/**
 * The contrastive objective's term (InfoNCE) beside another objective, which keeps latents from collapse: small things that tell
 * situations apart, such as a turn, stay in them.
 */
export const contrast = ({ predictor }: Pick<AuxiliaryShape, 'predictor'>): Auxiliary => ({
  params: {},
  loss: (params, { blocks, ...clips }) => confused({ predictor, params, inputs: { blocks }, ...clips }).prediction,
});
