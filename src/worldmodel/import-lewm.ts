import type { NamedArray, NamedArrays } from '../data/safetensors.ts';
import { PremotorError } from '../errors.ts';
import { PIXEL_SCALE } from '../perception/preprocess.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type LewmFacts, lewmShapes } from './lewm.ts';
import type { ModelConfig } from './model.ts';

/** Of ImageNet, by which LeWM's pictures are normalised. */
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];
const BATCH_NORM_EPSILON = 1e-5;

/**
 * A LeWM state dict (arXiv 2603.19312; PyTorch names, legacy or new) as a checkpoint of ours: the same latents, predictions and
 * costs. Batch norms are folded into the linear layers before them, the colours' spread into the patches. Throws `PremotorError`
 * naming every tensor that is missing, unknown or misshapen: a lenient load would leave a random encoder.
 */
export function importLewm(arrays: NamedArrays, facts: LewmFacts): Omit<Checkpoint, 'hash'> {
  const { sizes, action, frameskip, context } = facts;
  const given = renamed(arrays);
  requireShapes(given, sizes, frameskip * action.mean.length);
  const at = (name: string): NamedArray => given[name]!;
  const data = (name: string): Float32Array => at(name).data;

  const linear = (to: string, from: string) => ({
    [`${to}.w`]: transposed(at(`${from}.weight`)),
    [`${to}.b`]: data(`${from}.bias`),
  });
  const norm = (to: string, from: string) => ({
    [`${to}.g`]: data(`${from}.weight`),
    [`${to}.b`]: data(`${from}.bias`),
  });
  const project = (to: string, from: string) => ({
    ...foldedInto(to, given, from),
    ...linear(`${to}.out`, `${from}.net.3`),
  });
  const each = (count: number, block: (i: number) => Record<string, Float32Array>) =>
    Array.from({ length: count }, (_, i) => block(i));

  const params: Record<string, Float32Array> = Object.assign(
    {
      pixelMean: repeated(
        MEAN.map((value) => 255 * value),
        sizes.imageSize ** 2,
      ),
      'encoder.patch.w': patches(at('encoder.embeddings.patch_embeddings.projection.weight')),
      'encoder.patch.b': data('encoder.embeddings.patch_embeddings.projection.bias'),
      'encoder.token': data('encoder.embeddings.cls_token'),
      'encoder.places': data('encoder.embeddings.position_embeddings'),
      ...norm('encoder.norm', 'encoder.layernorm'),
      ...project('encoder.project', 'projector'),
      'predictor.places': data('predictor.pos_embedding'),
      'predictor.squeeze.w': transposed(at('action_encoder.patch_embed.weight')),
      'predictor.squeeze.b': data('action_encoder.patch_embed.bias'),
      ...linear('predictor.widen', 'action_encoder.embed.0'),
      ...linear('predictor.action', 'action_encoder.embed.2'),
      ...norm('predictor.norm', 'predictor.transformer.norm'),
      ...project('predictor.project', 'pred_proj'),
    },
    ...each(sizes.layers, (i) => {
      const [to, from] = [`encoder.b${i}`, `encoder.encoder.layer.${i}`];
      const heads = ['query', 'key', 'value'].map((kind) => `${from}.attention.attention.${kind}`);
      return {
        ...norm(`${to}.attentionNorm`, `${from}.layernorm_before`),
        [`${to}.attention.qkv.w`]: beside(
          heads.map((name) => transposed(at(`${name}.weight`))),
          sizes.width,
        ),
        [`${to}.attention.qkv.b`]: beside(
          heads.map((name) => data(`${name}.bias`)),
          sizes.width,
        ),
        ...linear(`${to}.attention.out`, `${from}.attention.output.dense`),
        ...norm(`${to}.norm`, `${from}.layernorm_after`),
        ...linear(`${to}.up`, `${from}.intermediate.dense`),
        ...linear(`${to}.down`, `${from}.output.dense`),
      };
    }),
    ...each(sizes.predictorLayers, (i) => {
      const [to, from] = [`predictor.b${i}`, `predictor.transformer.layers.${i}`];
      return {
        ...linear(`${to}.modulate`, `${from}.adaLN_modulation.1`),
        ...norm(`${to}.attentionNorm`, `${from}.attn.norm`),
        [`${to}.attention.qkv.w`]: transposed(at(`${from}.attn.to_qkv.weight`)),
        [`${to}.attention.qkv.b`]: new Float32Array(3 * sizes.predictorHeads * sizes.headSize),
        ...linear(`${to}.attention.out`, `${from}.attn.to_out.0`),
        ...norm(`${to}.norm`, `${from}.mlp.net.0`),
        ...linear(`${to}.up`, `${from}.mlp.net.1`),
        ...linear(`${to}.down`, `${from}.mlp.net.4`),
      };
    }),
  );
  return { config: configOf(facts, context), params };
}

function configOf({ task, frameskip, periodMs, action, sizes }: LewmFacts, contextLength: number): ModelConfig {
  const { imageSize, patch, width, layers, heads, hidden, projector } = sizes;
  const { window, predictorLayers, predictorHeads, headSize, predictorHidden, squeezed } = sizes;
  return {
    format: 'premotor-model/1',
    task,
    data: 'imported from LeWM',
    imageSize,
    frameskip,
    periodMs,
    action,
    encoder: { name: 'vit', latentDim: width, patch, width, layers, heads, hidden, projector, projectorNorm: false },
    predictor: {
      name: 'transformer',
      contextLength,
      window,
      layers: predictorLayers,
      heads: predictorHeads,
      headSize,
      hidden: predictorHidden,
      projector,
      projectorNorm: false,
      squeezed,
    },
  };
}

/** New names of the encoder's layers -> the published ones. */
const NEWER: readonly (readonly [RegExp, string])[] = [
  [/^encoder\.layers\.(\d+)\./, 'encoder.encoder.layer.$1.'],
  [/\.attention\.q_proj\./, '.attention.attention.query.'],
  [/\.attention\.k_proj\./, '.attention.attention.key.'],
  [/\.attention\.v_proj\./, '.attention.attention.value.'],
  [/\.attention\.o_proj\./, '.attention.output.dense.'],
  [/^(encoder\.encoder\.layer\.\d+)\.mlp\.fc1\./, '$1.intermediate.dense.'],
  [/^(encoder\.encoder\.layer\.\d+)\.mlp\.fc2\./, '$1.output.dense.'],
];

/** By their published names, out of any wrapping. */
function renamed(arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => {
      const bare = name.replace(/^(state_dict\.|model\.)+/, '');
      return [NEWER.reduce((known, [pattern, published]) => known.replace(pattern, published), bare), array];
    }),
  );
}

/** Names listed in a message, at most. */
const LISTED = 3;

function requireShapes(given: NamedArrays, sizes: LewmFacts['sizes'], blockSize: number): void {
  const wanted = lewmShapes(sizes, blockSize);
  const missing = Object.keys(wanted).filter((name) => !Object.hasOwn(given, name));
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(wanted, name));
  const misshapen = Object.entries(wanted).filter(
    ([name, shape]) => given[name] && given[name].shape.join() !== shape.join(),
  );
  const infinite = Object.keys(wanted).filter((name) => given[name] && !given[name].data.every(Number.isFinite));
  const listed = (names: readonly string[]) =>
    `${names.slice(0, LISTED).join(', ')}${names.length > LISTED ? ', ...' : ''}`;
  const wrong = [
    ...(missing.length > 0 ? [`${missing.length} missing (${listed(missing)})`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown (${listed(unknown)})`] : []),
    ...misshapen
      .slice(0, LISTED)
      .map(([name, shape]) => `${name} must be [${shape.join(', ')}], got [${given[name]!.shape.join(', ')}]`),
    ...(infinite.length > 0 ? [`${listed(infinite)} not finite`] : []),
  ];
  if (wrong.length === 0) return;
  throw new PremotorError(`not the ${Object.keys(wanted).length} tensors of LeWM: ${wrong.join('; ')}`, {
    hint: 'convert all of weights.pt to safetensors; sizes other than the published ones go into "sizes" of the configuration',
  });
}

/** `[out, in, ...1]` -> `[in, out]`. */
function transposed({ shape: [outputs, inputs], data }: NamedArray): Float32Array {
  const turned = new Float32Array(data.length);
  for (let o = 0; o < outputs!; o++) {
    for (let i = 0; i < inputs!; i++) turned[i * outputs! + o] = data[o * inputs! + i]!;
  }
  return turned;
}

/** `[out, 3, side, side]` -> `[side, side, 3, out]`, for pixels that are only scaled by `PIXEL_SCALE`. */
function patches({ shape: [outputs, colours, side], data }: NamedArray): Float32Array {
  const turned = new Float32Array(data.length);
  let from = 0;
  for (let o = 0; o < outputs!; o++) {
    for (let c = 0; c < colours!; c++) {
      for (let place = 0; place < side! ** 2; place++) {
        turned[(place * colours! + c) * outputs! + o] = (data[from++]! * PIXEL_SCALE) / (255 * STD[c]!);
      }
    }
  }
  return turned;
}

/** Rows of `width` numbers of several arrays, side by side. */
function beside(arrays: readonly Float32Array[], width: number): Float32Array {
  const rows = arrays[0]!.length / width;
  const joined = new Float32Array(arrays.length * rows * width);
  arrays.forEach((array, n) => {
    for (let row = 0; row < rows; row++) {
      joined.set(array.subarray(row * width, (row + 1) * width), (row * arrays.length + n) * width);
    }
  });
  return joined;
}

/** The first linear layer of a projector with the batch norm behind it, by its running statistics. */
function foldedInto(to: string, given: NamedArrays, from: string): Record<string, Float32Array> {
  const of = (name: string) => given[`${from}.net.${name}`]!.data;
  const scale = of('1.weight').map((gain, i) => gain / Math.sqrt(of('1.running_var')[i]! + BATCH_NORM_EPSILON));
  const outputs = scale.length;
  return {
    [`${to}.in.w`]: transposed(given[`${from}.net.0.weight`]!).map((value, i) => value * scale[i % outputs]!),
    [`${to}.in.b`]: of('0.bias').map((value, i) => (value - of('1.running_mean')[i]!) * scale[i]! + of('1.bias')[i]!),
  };
}

const repeated = (colour: readonly number[], count: number): Float32Array =>
  Float32Array.from({ length: 3 * count }, (_, i) => colour[i % 3]!);
