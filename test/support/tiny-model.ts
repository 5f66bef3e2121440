import { initialise } from '../../src/compute/layers.ts';
import { seeded } from '../../src/random.ts';
import { buildModel, checkpointShapes, type ModelConfig } from '../../src/worldmodel/model.ts';

/** A real model of the default kind, small enough for eager tensors. */
export function tinyConfig({
  contextLength = 1,
  critic = false,
  reflex = false,
  ensemble = false,
}: {
  contextLength?: number;
  critic?: boolean;
  reflex?: boolean;
  ensemble?: boolean;
} = {}): ModelConfig {
  return {
    format: 'premotor-model/1',
    task: 'two-room',
    data: 'none',
    imageSize: 32,
    frameskip: 5,
    periodMs: 100,
    action: { mean: [0, 0.1], std: [0.8, 0.9], low: [-1, -1], high: [1, 1] },
    encoder: { name: 'patch-merge', latentDim: 6, channels: [8, 8, 8], hidden: 8 },
    predictor: { name: 'mlp', contextLength, hidden: 8, residualBlocks: 1 },
    ...(critic ? { critic: { name: 'mlp' as const, hidden: 8 } } : {}),
    ...(reflex ? { reflex: { name: 'mlp' as const, hidden: 32, layers: 2 } } : {}),
    ...(ensemble ? { ensemble: { name: 'mlp' as const, hidden: 8, members: 3 } } : {}),
    probe: true,
  };
}

/** Untrained weights for a configuration. */
export function tinyParams(config: ModelConfig): Record<string, Float32Array> {
  const { encoder, predictor, ...heads } = buildModel(config);
  const all = [encoder, predictor, ...Object.values(heads)].map(({ params }) => params);
  const drawn = initialise(Object.assign({}, ...all), seeded(1));
  return Object.fromEntries(
    Object.entries(checkpointShapes(config)).map(([name, shape]) => {
      const size = (shape as readonly number[]).reduce((a, b) => a * b, 1);
      return [name, drawn[name] ?? seeded(2).fork(name).normals(size)];
    }),
  );
}
