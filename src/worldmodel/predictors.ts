import { mlpPredictor } from './mlp-predictor.ts';
import { transformerPredictor } from './transformer-predictor.ts';

/** By name, as configurations and `premotor train --predictor` know them. */
export const predictors = { mlp: mlpPredictor, transformer: transformerPredictor } as const;
