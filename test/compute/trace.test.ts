import { describe, expect, it } from 'vitest';
import type { Tensors } from '../../src/compute/engine.ts';
import { onnxEngine } from '../../src/compute/onnx-engine.ts';
import { tf } from '../../src/compute/tf.ts';
import { trace } from '../../src/compute/trace.ts';

const nodesOf = (fn: (t: Tensors) => Tensors, specs = { x: [64, 128] }) => trace(fn, specs);

describe('trace', () => {
  it('tells the ports', () => {
    const { inputs, outputs } = trace(({ a, b }) => ({ a: tf.sum(a!, 0), c: tf.mul(b!, 2) }), {
      a: { shape: [2, 3], dtype: 'uint8' },
      b: [4],
    });
    expect(inputs).toEqual([
      { name: 'a', shape: [2, 3], size: 6, dtype: 'uint8' },
      { name: 'b', shape: [4], size: 4, dtype: 'float32' },
    ]);
    expect(outputs).toEqual([
      { name: 'a', shape: [3], size: 3, onnxName: 'a/next' },
      { name: 'c', shape: [4], size: 4, onnxName: 'c' },
    ]);
  });

  it('gives the same bytes every time', () => {
    const fn = ({ x }: Tensors) => ({ y: tf.softmax(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true)) });
    expect(trace(fn, { x: [4, 8] }).bytes).toEqual(trace(fn, { x: [4, 8] }).bytes);
  });

  it('stores no constant at full size for the gradient of a mean', () => {
    const { bytes } = nodesOf(({ x }) => ({ dx: tf.grad((y) => tf.mean(tf.square(y)))(x!) }));
    expect(bytes.length).toBeLessThan(1000);
  });

  it('writes the same operator on the same inputs once, and nothing that no output needs', () => {
    const again = ({ x }: Tensors) => {
      tf.sin(tf.cos(x!));
      return { y: tf.add(tf.exp(x!), tf.mul(tf.exp(x!), tf.mul(tf.onesLike(x!), 1))) };
    };
    expect(nodesOf(again).nodes).toBe(3); // Exp, Add, and the name of the output
  });

  it('makes a bias and a sum part of the matrix product', () => {
    const specs = { x: [4, 8], w: [8, 3], b: [3] };
    const { bytes } = trace(({ x, w, b }) => ({ y: tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b!) }), specs);
    const text = new TextDecoder('latin1').decode(bytes);
    expect(text).toContain('Gemm');
    expect(text).not.toContain('Add');
  });

  it('names the kernel that has no ONNX form', () => {
    expect(() => trace(({ x }) => ({ y: tf.spectral.rfft(x!) }), { x: [4] })).toThrow(/^kernel \w+ has no ONNX form/);
  });

  it('refuses to read a value, and leaves tfjs as it was', () => {
    const before = [tf.getBackend(), tf.memory().numTensors];
    expect(() => trace(({ x }) => ({ y: tf.mul(x!, x!.dataSync()[0]!) }), { x: [4] })).toThrow(
      'a traced tensor has no values',
    );
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(before);
  });

  it('leaves no tensor behind, kept ones included', () => {
    tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    trace(({ x }) => ({ y: tf.keep(tf.mul(x!, 2)), z: x! }), { x: [4] });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses shapes that are none and tensors of another function', () => {
    expect(() => trace(({ x }) => ({ y: x! }), { x: [2, 0] })).toThrow(
      new RangeError('the shape of input x must be positive integers, got [2, 0]'),
    );
    let stolen: tf.Tensor | undefined;
    trace(
      ({ x }) => {
        stolen = tf.keep(tf.mul(x!, 2));
        return { y: stolen.clone() };
      },
      { x: [4] },
    );
    expect(() => trace(({ x }) => ({ y: tf.add(x!, stolen!) }), { x: [4] })).toThrow('of another tensor function');
    stolen!.dispose();
  });

  it('takes tensors made outside as constants, which stay usable', async () => {
    tf.setBackend('cpu');
    const table = tf.tensor1d([1, 2, 3, 4]);
    const engine = await onnxEngine({ threads: 1 });
    for (let i = 0; i < 2; i++) {
      const program = await engine.compile(({ x }) => ({ y: tf.mul(x!, table) }), { x: [4] });
      expect(await program.run({ x: Float32Array.of(1, 1, 2, 2) })).toEqual({ y: Float32Array.of(1, 2, 6, 8) });
    }
    expect([...table.dataSync()]).toEqual([1, 2, 3, 4]);
    table.dispose();
    await engine.dispose();
  });
});
