import {
  attention,
  batchNorm,
  batchNormEval,
  conv2d,
  dropout,
  gelu,
  geluTanh,
  layerNorm,
  linear,
  silu,
} from '../../src/compute/layers.ts';
import type { OpCase } from './op-cases.ts';

/** The layers, as operators to be checked like any other. */
export const layerCases: readonly OpCase[] = [
  {
    name: 'linear',
    specs: { x: [5, 3], 'l.w': [3, 4], 'l.b': [4] },
    fn: (p) => linear(p, p.x!, 'l'),
    grads: ['x', 'l.w', 'l.b'],
  },
  {
    name: 'linear on three axes',
    specs: { x: [2, 5, 3], 'l.w': [3, 4], 'l.b': [4] },
    fn: (p) => linear(p, p.x!, 'l'),
    grads: ['x', 'l.w', 'l.b'],
  },
  {
    name: 'layerNorm',
    specs: { x: [2, 3, 8], 'n.g': [8], 'n.b': [8] },
    fn: (p) => layerNorm(p, p.x!, 'n'),
    grads: ['x', 'n.g', 'n.b'],
  },
  {
    name: 'batchNorm in training',
    specs: { x: [6, 4], 'n.g': [4], 'n.b': [4] },
    fn: (p) => Object.values(batchNorm(p, p.x!, 'n')),
    grads: ['x', 'n.g', 'n.b'],
  },
  {
    name: 'batchNorm in use',
    specs: { x: [6, 4], 'n.g': [4], 'n.b': [4], 'n.mean': [4], 'n.variance': [4] },
    draw: { 'n.variance': 'positive' },
    fn: (p) => batchNormEval(p, p.x!, 'n'),
    grads: ['x', 'n.g', 'n.b', 'n.mean', 'n.variance'],
  },
  { name: 'gelu', specs: { x: [3, 7] }, fn: ({ x }) => gelu(x!), grads: ['x'] },
  { name: 'geluTanh', specs: { x: [3, 7] }, fn: ({ x }) => geluTanh(x!), grads: ['x'] },
  { name: 'silu', specs: { x: [3, 7] }, fn: ({ x }) => silu(x!), grads: ['x'] },
  {
    name: 'dropout',
    specs: { x: [3, 7], mask: [3, 7] },
    draw: { mask: 'bool' },
    fn: ({ x, mask }) => dropout(x!, mask!, 0.5),
    grads: ['x'],
  },
  {
    name: 'conv2d layer',
    specs: { x: [2, 6, 6, 3], 'c.w': [4, 4, 3, 5], 'c.b': [5] },
    fn: (p) => conv2d(p, p.x!, 'c', { stride: 2 }),
    grads: ['x', 'c.w', 'c.b'],
  },
  {
    name: 'attention',
    specs: { x: [2, 3, 8], 'a.qkv.w': [8, 24], 'a.qkv.b': [24], 'a.out.w': [8, 8], 'a.out.b': [8] },
    fn: (p) => attention(p, p.x!, 'a', 2),
    grads: ['x', 'a.qkv.w', 'a.qkv.b', 'a.out.w', 'a.out.b'],
  },
];
