import { describe, expect, it } from 'vitest';
import { onnxEngine } from '../../src/compute/onnx-engine.ts';
import { tf } from '../../src/compute/tf.ts';
import { EngineUnavailable } from '../../src/errors.ts';
import { itRuns } from '../contracts/engine.contract.ts';

await itRuns('onnx', () => onnxEngine({ threads: 1 }));

describe('onnx', () => {
  it('keeps the event loop free during a long run', async () => {
    const engine = await onnxEngine({ threads: 1 });
    const heavy = await engine.compile(
      ({ x }) => {
        let y = x!;
        for (let i = 0; i < 20; i++) y = tf.mul(tf.matMul(y as tf.Tensor2D, x as tf.Tensor2D), 1e-3);
        return { y: tf.sum(y) };
      },
      { x: [512, 512] },
    );
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await heavy.run({ x: new Float32Array(512 * 512).fill(0.1) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    await engine.dispose();
  });

  it('gives the same in the thread of the caller', async () => {
    const engine = await onnxEngine({ threads: 1, blocking: true });
    expect(engine.blocking).toBe(true);
    const program = await engine.compile(({ x }) => ({ x: tf.add(x!, 1) }), { x: [2] }, { feedback: { x: 'x' } });
    const x = Float32Array.of(1, 2);
    await program.run({ x });
    for (let i = 0; i < 3; i++) await program.run({});
    expect(await program.read(['x'])).toEqual({ x: Float32Array.of(5, 6) });
    expect(x).toEqual(Float32Array.of(1, 2));
    await engine.dispose();
  });

  it('finishes what was asked before it ends, and refuses what comes after', async () => {
    const engine = await onnxEngine({ threads: 1 });
    const program = await engine.compile(({ x }) => ({ y: tf.mul(x!, 2) }), { x: [1] });
    const last = program.run({ x: Float32Array.of(4) });
    await engine.dispose();
    expect(await last).toEqual({ y: Float32Array.of(8) });
    await expect(program.run({})).rejects.toThrow(EngineUnavailable);
    await program.dispose();
  });

  it('says what is wrong with feedback and options', async () => {
    const engine = await onnxEngine({ threads: 1 });
    const fn = ({ x }: { [name: string]: tf.Tensor }) => ({ y: tf.mul(x!, 2), z: tf.sum(x!) });
    const compile = (feedback: Record<string, string>) => engine.compile(fn, { x: [2] }, { feedback });
    await expect(compile({ q: 'x' })).rejects.toThrow('feedback from q must be from an output');
    await expect(compile({ y: 'q' })).rejects.toThrow('feedback to q must be to an input');
    await expect(compile({ z: 'x' })).rejects.toThrow('feedback from z to x must be float32 [], got float32 [2]');
    await engine.dispose();
    await expect(onnxEngine({ threads: 0 })).rejects.toThrow(RangeError);
  });
});
