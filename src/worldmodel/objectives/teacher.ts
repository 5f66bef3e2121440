import type { Encoder } from '../../perception/encoder.ts';
import { missed, type Objective, predictionOf, rolled } from './objective.ts';

const PREFIX = 'teacher.';
/** Of itself that the teacher keeps at every step. */
const SHARE = 0.99;

/** What is foretold is what a slowly following copy of the encoder sees; nothing else keeps it from collapse. BYOL, arXiv 2006.07733. */
export function teacher(encoder: Encoder): Objective {
  const names = Object.keys(encoder.params);
  return {
    params: {},
    followers: { share: SHARE, of: Object.fromEntries(names.map((name) => [`${PREFIX}${name}`, name])) },
    loss(view) {
      const { inputs, latents, pixels } = view;
      const weights = Object.fromEntries(names.map((name) => [name, inputs[`${PREFIX}${name}`]!]));
      const seen = encoder.encode(weights, pixels); // no weight of these is learnt, so no gradient flows back
      const told = predictionOf(rolled(view, latents), missed(view, seen));
      return { total: told.prediction, ...told };
    },
  };
}
