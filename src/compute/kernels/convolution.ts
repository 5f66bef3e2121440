import { type Graph, sizeOf, type Value } from '../onnx-graph.ts';
import { tf } from '../tf.ts';
import { add, div, type KernelAttributes, type KernelForm, type KernelForms, reshape, transpose } from './kernel.ts';
import { activated, matMul } from './matmul.ts';

type Window = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Picture = [number, number, number, number];

const toNchw = (g: Graph, x: Value) => transpose(g, x, [0, 3, 1, 2]);
const toNhwc = (g: Graph, x: Value) => transpose(g, x, [0, 2, 3, 1]);
const float = (g: Graph, value: number) => g.uniform(value, [], 'float');
const picture = (shape: readonly number[]) => [...shape] as Picture;

function pads({ padInfo: { top, left, bottom, right } }: Window): number[] {
  return [top, left, bottom, right];
}

/** The geometry of a convolution of `[N, h, w, C]` pictures. */
function convWindow(input: readonly number[], filter: readonly number[], attributes: KernelAttributes): Window {
  const { strides, pad, dilations = 1, dimRoundingMode, dataFormat = 'NHWC' } = attributes;
  if (dataFormat !== 'NHWC') throw new RangeError(`dataFormat must be NHWC, got ${dataFormat}`);
  return tf.backend_util.computeConv2DInfo(picture(input), picture(filter), strides, dilations, pad, dimRoundingMode);
}

const strides = (w: Window) => [w.strideHeight, w.strideWidth];
const dilations = (w: Window) => [w.dilationHeight, w.dilationWidth];

function conv(g: Graph, x: Value, filter: Value, w: Window): Value {
  const attributes = { strides: strides(w), dilations: dilations(w), pads: pads(w), group: 1 };
  const shape = [w.batchSize, w.outChannels, w.outHeight, w.outWidth];
  const kernel = transpose(g, filter, [3, 2, 0, 1]);
  return toNhwc(g, g.node('Conv', [toNchw(g, x), kernel], shape, 'float', { attributes }));
}

const conv2d: KernelForm = (g, { x, filter }, attributes) =>
  conv(g, x!, filter!, convWindow(x!.shape, filter!.shape, attributes));

const fusedConv2d: KernelForm = (g, inputs, attributes) => {
  const { x, filter, bias } = inputs;
  const y = conv(g, x!, filter!, convWindow(x!.shape, filter!.shape, attributes));
  return activated(g, bias === undefined ? y : add(g, y, bias), inputs, attributes);
};

/** What a window's stride left over at the end, which a transposed convolution must put back. */
function leftover(w: Window): [number, number] {
  const { padInfo: p } = w;
  return [
    w.inHeight - ((w.outHeight - 1) * w.strideHeight + w.effectiveFilterHeight - p.top - p.bottom),
    w.inWidth - ((w.outWidth - 1) * w.strideWidth + w.effectiveFilterWidth - p.left - p.right),
  ];
}

/** `dy` NCHW back to the pictures, NCHW; `kernel` is `[outputs, inputs / group, h, w]`. */
function transposedConv(g: Graph, dy: Value, kernel: Value, w: Window, group = 1): Value {
  const attributes = {
    strides: strides(w),
    dilations: dilations(w),
    pads: pads(w),
    output_padding: leftover(w),
    group,
  };
  const shape = [w.batchSize, w.inChannels, w.inHeight, w.inWidth];
  return g.node('ConvTranspose', [dy, kernel], shape, 'float', { attributes });
}

const backpropInput: KernelForm = (g, { dy, filter }, attributes) => {
  const w = convWindow(attributes.inputShape, filter!.shape, attributes);
  return toNhwc(g, transposedConv(g, toNchw(g, dy!), transpose(g, filter!, [3, 2, 0, 1]), w));
};

/** With so many channels a product for every place in the filter is quicker than one of all places side by side. */
const DEEP = 32;

/** Products `[inputs, outputs]` of what every place in the filter saw and `dy`. */
function placeByPlace(g: Graph, columns: readonly Value[], dy: Value, w: Window, shape: number[]): Value {
  const rows = w.batchSize * w.outHeight * w.outWidth;
  const slopes = reshape(g, dy, [rows, w.outChannels]);
  const products = columns.map((seen) => matMul(g, reshape(g, seen, [rows, w.inChannels]), slopes, true));
  const size = [columns.length * w.inChannels, w.outChannels];
  const all =
    products.length === 1 ? products[0]! : g.node('Concat', products, size, 'float', { attributes: { axis: 0 } });
  return reshape(g, all, shape);
}

/** For every place in the filter: the inputs that it saw, `[N h w, inputs]`, times `dy`, `[N h w, outputs]`. */
const backpropFilter: KernelForm = (g, { x, dy }, attributes) => {
  const w = convWindow(x!.shape, attributes.filterShape, attributes);
  const { padInfo: p } = w;
  const around = [0, p.top, p.left, 0, 0, p.bottom, p.right, 0];
  const seen = [w.batchSize, w.inHeight + p.top + p.bottom, w.inWidth + p.left + p.right, w.inChannels];
  const padded = around.every((count) => count === 0)
    ? x!
    : g.node('Pad', [x!, g.ints(around), float(g, 0)], seen, 'float');
  const rows = w.batchSize * w.outHeight * w.outWidth;
  const columns: Value[] = [];
  for (let i = 0; i < w.filterHeight; i++) {
    for (let j = 0; j < w.filterWidth; j++) {
      const [top, left] = [i * w.dilationHeight, j * w.dilationWidth];
      const ends = [top + (w.outHeight - 1) * w.strideHeight + 1, left + (w.outWidth - 1) * w.strideWidth + 1];
      const operands = [padded, g.ints([top, left]), g.ints(ends), g.ints([1, 2]), g.ints(strides(w))];
      columns.push(g.node('Slice', operands, [w.batchSize, w.outHeight, w.outWidth, w.inChannels], 'float'));
    }
  }
  if (w.inChannels >= DEEP) return placeByPlace(g, columns, dy!, w, attributes.filterShape);
  const depth = columns.length * w.inChannels;
  const shape = [w.batchSize, w.outHeight, w.outWidth, depth];
  const patches =
    columns.length === 1 ? columns[0]! : g.node('Concat', columns, shape, 'float', { attributes: { axis: 3 } });
  const product = matMul(g, reshape(g, patches, [rows, depth]), reshape(g, dy!, [rows, w.outChannels]), true);
  return reshape(g, product, attributes.filterShape);
};

function poolWindow(input: readonly number[], attributes: KernelAttributes): Window {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computePool2DInfo(picture(input), filterSize, strides, 1, pad, dimRoundingMode);
}

function poolAttributes(w: Window) {
  return { kernel_shape: [w.filterHeight, w.filterWidth], strides: strides(w), pads: pads(w) };
}

const pool =
  (op: string): KernelForm =>
  (g, { x }, attributes) => {
    const w = poolWindow(x!.shape, attributes);
    const shape = [w.batchSize, w.outChannels, w.outHeight, w.outWidth];
    return toNhwc(g, g.node(op, [toNchw(g, x!)], shape, 'float', { attributes: poolAttributes(w) }));
  };

/** ONNX tells where in the whole input each maximum was; `dy` is added there. */
const maxPoolGrad: KernelForm = (g, { dy, input }, attributes) => {
  const w = poolWindow(input!.shape, attributes);
  const shape = [w.batchSize, w.outChannels, w.outHeight, w.outWidth];
  const [, where] = g.multi(
    'MaxPool',
    [toNchw(g, input!)],
    [
      { shape, type: 'float' },
      { shape, type: 'int64' },
    ],
    { attributes: poolAttributes(w) },
  );
  const [count, total] = [sizeOf(shape), sizeOf(input!.shape)];
  const operands = [g.uniform(0, [total], 'float'), reshape(g, where!, [count]), reshape(g, toNchw(g, dy!), [count])];
  const flat = g.node('ScatterElements', operands, [total], 'float', { attributes: { axis: 0, reduction: 'add' } });
  return toNhwc(g, reshape(g, flat, [w.batchSize, w.inChannels, w.inHeight, w.inWidth]));
};

/** Spreads `dy` evenly over the window. As in tfjs, places in the padding count, too. */
const avgPoolGrad: KernelForm = (g, { dy, input }, attributes) => {
  const w = poolWindow(input!.shape, attributes);
  const share = div(g, toNchw(g, dy!), float(g, w.filterHeight * w.filterWidth));
  const ones = g.uniform(1, [w.inChannels, 1, w.filterHeight, w.filterWidth], 'float');
  return toNhwc(g, transposedConv(g, share, ones, w, w.inChannels));
};

/** Where output pixels look: `[outputs, inputs]` weights of linear interpolation along one axis. */
function interpolation(
  inputs: number,
  outputs: number,
  alignCorners: boolean,
  halfPixelCenters: boolean,
): Float32Array {
  const weights = new Float32Array(outputs * inputs);
  const scale = alignCorners && outputs > 1 ? (inputs - 1) / (outputs - 1) : inputs / outputs;
  for (let i = 0; i < outputs; i++) {
    const place = Math.max(0, halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale);
    const low = Math.min(Math.floor(place), inputs - 1);
    const high = Math.min(low + 1, inputs - 1);
    weights[i * inputs + low]! += 1 - (place - low);
    weights[i * inputs + high]! += place - low;
  }
  return weights;
}

/** Linear interpolation is a matrix product along each axis; its gradient the transposed one. */
function resize(
  g: Graph,
  x: Value,
  small: readonly number[],
  large: readonly number[],
  attributes: KernelAttributes,
  back: boolean,
): Value {
  const [count, , , depth] = x.shape as Picture;
  const { alignCorners, halfPixelCenters } = attributes;
  const matrix = (axis: number) => {
    const [from, to] = [small[axis]!, large[axis]!];
    return g.constant(interpolation(from, to, alignCorners, halfPixelCenters === true), [to, from], 'float');
  };
  const [, height, width] = (back ? small : large) as Picture;
  const rows = x.shape[1]!;
  const wide = matMul(g, matrix(2), reshape(g, x, [count * rows, x.shape[2]!, depth]), back);
  const high = matMul(g, matrix(1), reshape(g, wide, [count, rows, width * depth]), back);
  return reshape(g, high, [count, height, width, depth]);
}

const resizeBilinear: KernelForm = (g, { images }, attributes) => {
  const [count, , , depth] = images!.shape as Picture;
  const [height, width] = attributes.size as [number, number];
  return resize(g, images!, images!.shape, [count, height, width, depth], attributes, false);
};

export const convolutionForms: KernelForms = {
  Conv2D: conv2d,
  FusedConv2D: fusedConv2d,
  Conv2DBackpropInput: backpropInput,
  Conv2DBackpropFilter: backpropFilter,
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  MaxPoolGrad: maxPoolGrad,
  AvgPoolGrad: avgPoolGrad,
  ResizeBilinear: resizeBilinear,
  ResizeBilinearGrad: (g, { images, dy }, attributes) => resize(g, dy!, images!.shape, dy!.shape, attributes, true),
};
