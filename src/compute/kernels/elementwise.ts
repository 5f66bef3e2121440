import type { Graph, Value } from '../onnx-graph.ts';
import { add, cast, div, elementwise, type KernelForm, type KernelForms, mul, reshape, sub } from './kernel.ts';

const number = (g: Graph, value: number) => g.uniform(value, [], 'float');

const unary = (op: string, fold?: (x: number) => number): KernelForm => {
  const options = fold === undefined ? {} : { fold };
  return (g, { x }) => elementwise(g, op, [x!], options);
};
const binary = (op: string, fold?: (x: number, y: number) => number): KernelForm => {
  const options = fold === undefined ? {} : { fold };
  return (g, { a, b }) => elementwise(g, op, [a!, b!], options);
};
const comparison =
  (op: string, negated = false): KernelForm =>
  (g, { a, b }) => {
    const comparable = a!.type === 'bool' ? [cast(g, a!, 'int32'), cast(g, b!, 'int32')] : [a!, b!];
    const value = elementwise(g, op, comparable, { type: 'bool' });
    return negated ? elementwise(g, 'Not', [value]) : value;
  };

export const select = (g: Graph, condition: Value, then: Value, otherwise: Value): Value =>
  elementwise(g, 'Where', [condition, then, otherwise], { type: then.type });

/** `1` above 0, `alpha` elsewhere; the slope of relu and of the absolute value. */
const step: KernelForm = (g, { x }, { alpha = 0 }) => {
  const above = cast(g, elementwise(g, 'Greater', [x!, cast(g, number(g, 0), x!.type)], { type: 'bool' }), 'float');
  return alpha === 0 ? above : add(g, mul(g, above, number(g, 1 - alpha)), number(g, alpha));
};

/** Exact near 0, where `exp(x) - 1` is not: `tanh(x / 2) (exp(x) + 1)`. */
const expm1: KernelForm = (g, { x }) => {
  const half = elementwise(g, 'Tanh', [mul(g, x!, number(g, 0.5))]);
  return mul(g, half, add(g, elementwise(g, 'Exp', [x!]), number(g, 1)));
};

/** Exact near 0 (Kahan): `log(u) x / (u - 1)` with `u = 1 + x` rounded. */
const log1p: KernelForm = (g, { x }) => {
  const u = add(g, x!, number(g, 1));
  const exact = div(g, mul(g, elementwise(g, 'Log', [u]), x!), sub(g, u, number(g, 1)));
  return select(g, elementwise(g, 'Equal', [u, number(g, 1)], { type: 'bool' }), x!, exact);
};

const floorDiv: KernelForm = (g, { a, b }) => {
  const quotient = div(g, cast(g, a!, 'float'), cast(g, b!, 'float'));
  return cast(g, elementwise(g, 'Floor', [quotient]), a!.type);
};

const mod: KernelForm = (g, { a, b }) => {
  const quotient = elementwise(g, 'Floor', [div(g, cast(g, a!, 'float'), cast(g, b!, 'float'))]);
  return sub(g, a!, mul(g, cast(g, quotient, a!.type), b!));
};

const squaredDifference: KernelForm = (g, { a, b }) => {
  const difference = sub(g, a!, b!);
  return mul(g, difference, difference);
};

const clip: KernelForm = (g, { x }, { clipValueMin, clipValueMax }) => {
  const [low, high] = [cast(g, number(g, clipValueMin), x!.type), cast(g, number(g, clipValueMax), x!.type)];
  return elementwise(g, 'Min', [elementwise(g, 'Max', [x!, low]), high]);
};

const prelu: KernelForm = (g, { x, alpha }) => {
  const above = elementwise(g, 'Greater', [x!, number(g, 0)], { type: 'bool' });
  return select(g, above, x!, mul(g, x!, alpha!));
};

/** A condition of lower rank chooses whole rows. */
const where: KernelForm = (g, { condition, t, e }) => {
  const trailing = t!.shape.length - condition!.shape.length;
  const rows = reshape(g, condition!, [...condition!.shape, ...Array<number>(Math.max(trailing, 0)).fill(1)]);
  return select(g, cast(g, rows, 'bool'), t!, e!);
};

const eluGrad: KernelForm = (g, { dy, y }) => {
  const above = elementwise(g, 'GreaterOrEqual', [y!, number(g, 0)], { type: 'bool' });
  return select(g, above, dy!, mul(g, dy!, add(g, y!, number(g, 1))));
};

/** Plain ONNX operators of the same name. */
const namesakes = Object.fromEntries(
  'Tanh Sigmoid Softplus Elu Selu Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Erf Abs Sign Relu Floor Ceil Round'
    .split(' ')
    .map((op) => [op, unary(op)]),
);

export const elementwiseForms: KernelForms = {
  ...namesakes,
  Exp: unary('Exp', Math.exp),
  Log: unary('Log', Math.log),
  Sqrt: unary('Sqrt', Math.sqrt),
  Neg: unary('Neg', (x) => -x),
  Reciprocal: unary('Reciprocal', (x) => 1 / x),
  Square: (g, { x }) => mul(g, x!, x!),
  Rsqrt: (g, { x }) => elementwise(g, 'Reciprocal', [elementwise(g, 'Sqrt', [x!])]),
  Expm1: expm1,
  Log1p: log1p,
  Relu6: (g, { x }) => clip(g, { x: x! }, { clipValueMin: 0, clipValueMax: 6 }),
  LeakyRelu: (g, { x }, { alpha }) => elementwise(g, 'LeakyRelu', [x!], { attributes: { alpha: { float: alpha } } }),
  Prelu: prelu,
  Step: step,
  ClipByValue: clip,
  EluGrad: eluGrad,
  Add: (g, { a, b }) => add(g, a!, b!),
  Sub: (g, { a, b }) => sub(g, a!, b!),
  Multiply: (g, { a, b }) => mul(g, a!, b!),
  RealDiv: (g, { a, b }) => div(g, a!, b!),
  AddN: (g, inputs) => Object.values(inputs).reduce((sum, term) => add(g, sum, term)),
  FloorDiv: floorDiv,
  Mod: mod,
  Maximum: binary('Max', Math.max),
  Minimum: binary('Min', Math.min),
  Pow: binary('Pow', (x, y) => x ** y),
  SquaredDifference: squaredDifference,
  Equal: comparison('Equal'),
  NotEqual: comparison('Equal', true),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: binary('And'),
  LogicalOr: binary('Or'),
  LogicalNot: unary('Not'),
  IsNan: (g, { x }) => elementwise(g, 'IsNaN', [x!], { type: 'bool' }),
  IsInf: (g, { x }) => elementwise(g, 'IsInf', [x!], { type: 'bool' }),
  Select: where,
  Identity: (_, { x }) => x!,
  Cast: (g, { x }, { dtype }) => cast(g, x!, dtype === 'float32' ? 'float' : dtype),
  Softmax: (g, { logits }, { dim }) =>
    g.node('Softmax', [logits!], logits!.shape, 'float', { attributes: { axis: dim } }),
  LogSoftmax: (g, { logits }, { axis }) =>
    g.node('LogSoftmax', [logits!], logits!.shape, 'float', { attributes: { axis } }),
};
