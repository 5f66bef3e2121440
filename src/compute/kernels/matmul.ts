import { type Graph, sizeOf, type Value } from '../onnx-graph.ts';
import { elementwiseForms } from './elementwise.ts';
import { add, commonShape, type KernelForm, type KernelForms, reshape } from './kernel.ts';

/** Gemm for plain matrices (and for many times the same one), FusedMatMul, transposes included, for batches. */
export function matMul(g: Graph, a: Value, b: Value, transposeA = false, transposeB = false): Value {
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = commonShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const shape = [...batch, rows, columns];
  const transposes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };

  const shared = sizeOf(b.shape.slice(0, -2)) === 1 && !transposeA;
  if (sizeOf(batch) !== 1 && !shared) {
    const attributes = { ...transposes, alpha: { float: 1 } };
    return g.node('FusedMatMul', [a, b], shape, 'float', { attributes, domain: 'com.microsoft' });
  }
  const left = reshape(g, a, shared ? [sizeOf(batch) * rows, inner] : a.shape.slice(-2));
  const right = reshape(g, b, b.shape.slice(-2));
  const attributes = Object.fromEntries(Object.entries(transposes).filter(([, set]) => set === 1));
  const product = g.node('Gemm', [left, right], [shared ? sizeOf(batch) * rows : rows, columns], 'float', {
    attributes,
  });
  return reshape(g, product, shape);
}

/** The activation that a fused kernel names. */
export function activated(
  g: Graph,
  x: Value,
  inputs: Readonly<Record<string, Value>>,
  attributes: Record<string, unknown>,
): Value {
  const { activation, leakyreluAlpha } = attributes as { activation?: string; leakyreluAlpha?: number };
  if (activation === undefined || activation === null || activation === 'linear') return x;
  const names: Record<string, string> = {
    relu: 'Relu',
    relu6: 'Relu6',
    elu: 'Elu',
    sigmoid: 'Sigmoid',
    prelu: 'Prelu',
    leakyrelu: 'LeakyRelu',
  };
  const form = elementwiseForms[names[activation] ?? ''];
  if (form === undefined) throw new Error(`activation ${activation} has no ONNX form`);
  const alpha = inputs.preluActivationWeights;
  return form(g, alpha === undefined ? { x } : { x, alpha }, { alpha: leakyreluAlpha }) as Value;
}

const fusedMatMul: KernelForm = (g, inputs, attributes) => {
  const { a, b, bias } = inputs;
  const product = matMul(g, a!, b!, attributes.transposeA, attributes.transposeB);
  return activated(g, bias === undefined ? product : add(g, product, bias), inputs, attributes);
};

export const matMulForms: KernelForms = {
  BatchMatMul: (g, { a, b }, { transposeA, transposeB }) => matMul(g, a!, b!, transposeA, transposeB),
  _FusedMatMul: fusedMatMul,
};
