import { mlpPredictor } from '../../src/worldmodel/mlp-predictor.ts';
import { itPredicts } from '../contracts/predictor.contract.ts';

itPredicts('mlp', (options) => mlpPredictor({ ...options, hidden: 8, residualBlocks: 2 }));
