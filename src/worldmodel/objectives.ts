import { autoencoder } from './objectives/autoencoder.ts';
import { contrastive } from './objectives/contrastive.ts';
import { jepa } from './objectives/jepa.ts';
import type { MakeObjective } from './objectives/objective.ts';
import { pixels } from './objectives/pixels.ts';
import { teacher } from './objectives/teacher.ts';
import { regularizers } from './regularizers.ts';

/** By name, as `premotor train --objective` knows them; `sigreg` is LeWM's. */
export const objectives: Readonly<Record<string, MakeObjective>> = {
  sigreg: (_, __, options) => jepa(regularizers.sigreg(options)),
  vicreg: (_, __, options) => jepa(regularizers.vicreg(options)),
  none: () => jepa(regularizers.none()),
  contrastive: () => contrastive(),
  teacher: (_, encoder) => teacher(encoder),
  autoencoder: (shape) => autoencoder(shape),
  pixels: (shape) => pixels(shape),
};
