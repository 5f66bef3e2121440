import { z } from 'zod';

const positive = z.number().int().positive();
const numbers = z.array(z.number()).nonempty();

/** What a LeWM state dict does not say: what it was trained on, and, where it is not the published size, how large it is. */
export const lewmFacts = z.strictObject({
  task: z.string(),
  /** Control steps per block, and milliseconds per control step. */
  frameskip: positive.default(5),
  periodMs: z.number().positive(),
  /** Raw actions: normalisation and legal range, `[A]` each. */
  action: z.strictObject({ mean: numbers, std: numbers, low: numbers, high: numbers }),
  /** Latents that a plan starts from; LeWM plans from one. */
  context: positive.default(1),
  sizes: z
    .strictObject({
      imageSize: positive.default(224),
      patch: positive.default(14),
      width: positive.default(192),
      layers: positive.default(12),
      heads: positive.default(3),
      hidden: positive.default(768),
      projector: positive.default(2048),
      window: positive.default(3),
      predictorLayers: positive.default(6),
      predictorHeads: positive.default(16),
      headSize: positive.default(64),
      predictorHidden: positive.default(2048),
      squeezed: positive.default(10),
    })
    .prefault({}),
});
export type LewmFacts = z.infer<typeof lewmFacts>;

/** Every tensor of the published network, and its shape. */
export function lewmShapes(sizes: LewmFacts['sizes'], blockSize: number): Record<string, readonly number[]> {
  const { imageSize, patch, width, layers, hidden, projector, window } = sizes;
  const { predictorLayers, predictorHidden, squeezed } = sizes;
  const inner = sizes.predictorHeads * sizes.headSize;
  const linear = (name: string, inputs: number, outputs: number) => ({
    [`${name}.weight`]: [outputs, inputs],
    [`${name}.bias`]: [outputs],
  });
  const norm = (name: string, of = width) => ({ [`${name}.weight`]: [of], [`${name}.bias`]: [of] });
  const project = (name: string) => ({
    ...linear(`${name}.net.0`, width, projector),
    ...norm(`${name}.net.1`, projector),
    [`${name}.net.1.running_mean`]: [projector],
    [`${name}.net.1.running_var`]: [projector],
    [`${name}.net.1.num_batches_tracked`]: [],
    ...linear(`${name}.net.3`, projector, width),
  });
  const each = (count: number, block: (i: number) => Record<string, readonly number[]>) =>
    Array.from({ length: count }, (_, i) => block(i));
  return Object.assign(
    {
      'encoder.embeddings.cls_token': [1, 1, width],
      'encoder.embeddings.position_embeddings': [1, (imageSize / patch) ** 2 + 1, width],
      'encoder.embeddings.patch_embeddings.projection.weight': [width, 3, patch, patch],
      'encoder.embeddings.patch_embeddings.projection.bias': [width],
      ...norm('encoder.layernorm'),
      'action_encoder.patch_embed.weight': [squeezed, blockSize, 1],
      'action_encoder.patch_embed.bias': [squeezed],
      ...linear('action_encoder.embed.0', squeezed, 4 * width),
      ...linear('action_encoder.embed.2', 4 * width, width),
      'predictor.pos_embedding': [1, window, width],
      ...norm('predictor.transformer.norm'),
      ...project('projector'),
      ...project('pred_proj'),
    },
    ...each(layers, (i) => {
      const name = `encoder.encoder.layer.${i}`;
      return {
        ...norm(`${name}.layernorm_before`),
        ...norm(`${name}.layernorm_after`),
        ...linear(`${name}.attention.attention.query`, width, width),
        ...linear(`${name}.attention.attention.key`, width, width),
        ...linear(`${name}.attention.attention.value`, width, width),
        ...linear(`${name}.attention.output.dense`, width, width),
        ...linear(`${name}.intermediate.dense`, width, hidden),
        ...linear(`${name}.output.dense`, hidden, width),
      };
    }),
    ...each(predictorLayers, (i) => {
      const name = `predictor.transformer.layers.${i}`;
      return {
        ...norm(`${name}.attn.norm`),
        [`${name}.attn.to_qkv.weight`]: [3 * inner, width],
        ...linear(`${name}.attn.to_out.0`, inner, width),
        ...norm(`${name}.mlp.net.0`),
        ...linear(`${name}.mlp.net.1`, width, predictorHidden),
        ...linear(`${name}.mlp.net.4`, predictorHidden, width),
        ...linear(`${name}.adaLN_modulation.1`, width, 6 * width),
      };
    }),
  );
}
