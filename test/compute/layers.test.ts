import { beforeAll, describe, expect, it } from 'vitest';
import { batchNorm, geluTanh, initialise, layerNorm, linear, linearSpec, normSpec } from '../../src/compute/layers.ts';
import { tf } from '../../src/compute/tf.ts';
import { seeded } from '../../src/random.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

describe('initialise', () => {
  const specs = { ...linearSpec('a', 400, 100), ...normSpec('n', 5) };

  it('draws weights at their scale, the same for the same seed, and the same whatever else there is', () => {
    const first = initialise(specs, seeded(1));
    expect(first).toEqual(initialise(specs, seeded(1)));
    expect(first['a.w']).not.toEqual(initialise(specs, seeded(2))['a.w']);
    expect(first['a.w']).toEqual(initialise({ ...linearSpec('z', 3, 3), ...specs }, seeded(1))['a.w']);
    const square = first['a.w']!.reduce((sum, value) => sum + value ** 2, 0) / 40000;
    expect(Math.sqrt(square)).toBeCloseTo(1 / 20, 3);
    expect(first['a.b']).toEqual(new Float32Array(100));
    expect(first['n.g']).toEqual(new Float32Array(5).fill(1));
  });
});

describe('norms', () => {
  const params = { 'n.g': tf.ones([6]), 'n.b': tf.zeros([6]) };
  const x = tf.tensor(seeded(4).normals(48), [8, 6]);
  const spread = (y: tf.Tensor, axis: number) => {
    const { mean, variance } = tf.moments(y, axis);
    return [...mean.dataSync(), ...variance.dataSync()];
  };

  it('layerNorm centres every row, batchNorm every column', () => {
    const rows = spread(layerNorm(params, tf.add(tf.mul(x, 3), 5), 'n'), 1);
    const { y, mean } = batchNorm(params, tf.add(tf.mul(x, 3), 5), 'n');
    for (const [values, count] of [
      [rows, 8],
      [spread(y, 0), 6],
    ] as const) {
      for (const value of values.slice(0, count)) expect(value).toBeCloseTo(0, 4);
      for (const value of values.slice(count)) expect(value).toBeCloseTo(1, 4);
    }
    expect(mean.shape).toEqual([6]);
  });
});

describe('layers', () => {
  it('geluTanh at known points', () => {
    const values = geluTanh(tf.tensor1d([-1, 0, 1, 2])).dataSync();
    for (const [i, expected] of [-0.158808, 0, 0.841192, 1.954598].entries())
      expect(values[i]).toBeCloseTo(expected, 5);
  });

  it('linear says which layer got what', () => {
    const params = { 'enc.w': tf.zeros([3, 2]), 'enc.b': tf.zeros([2]) };
    expect(() => linear(params, tf.zeros([5, 4]), 'enc')).toThrow(
      new RangeError('the last axis of the input of enc must be 3, got [5, 4]'),
    );
    expect(() => linear(params, tf.zeros([5, 3]), 'dec')).toThrow('weight dec.w must be given');
  });
});
