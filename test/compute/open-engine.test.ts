import { describe, expect, it } from 'vitest';
import { ENGINES, openEngine, surveyEngines } from '../../src/compute/open-engine.ts';
import { EngineUnavailable, UsageError } from '../../src/errors.ts';

describe('openEngine', () => {
  it('refuses a name that is none, and lists those that are', async () => {
    await expect(openEngine({ engine: 'torch' })).rejects.toThrow(UsageError);
    await expect(openEngine({ engine: 'torch' })).rejects.toThrow(
      'engine must be one of auto, onnx, onnx-web, tfjs-node-gpu, tfjs-node, tfjs-wasm, tfjs-cpu, got torch',
    );
  });

  it('takes the first that runs here, and gives those asked for by name or says why not', async () => {
    const survey = await surveyEngines();
    expect(survey.map(({ name }) => name)).toEqual([...ENGINES]);
    const engine = await openEngine({ threads: 1 });
    expect(engine.name).toBe(survey.find(({ available }) => available)!.reason);
    await engine.dispose();
    for (const { name, available, reason } of survey) {
      expect(reason).not.toBe('');
      if (available) await (await openEngine({ engine: name })).dispose();
      else await expect(openEngine({ engine: name })).rejects.toThrow(EngineUnavailable);
    }
  });

  it('has one that needs no native code', async () => {
    const survey = await surveyEngines();
    expect(survey.filter(({ available }) => available).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['onnx-web', 'tfjs-wasm', 'tfjs-cpu']),
    );
  });
});

it('gives native code and WebAssembly threads of their own', async () => {
  for (const [name, threads] of [
    ['onnx', '1 thread'],
    ['onnx-web', '2 threads'],
  ] as const) {
    const engine = await openEngine({ engine: name, threads: { native: 1, web: 2 } });
    expect(engine.name).toContain(threads);
    await engine.dispose();
  }
});
