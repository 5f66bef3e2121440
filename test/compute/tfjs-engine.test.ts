import { describe, expect, it } from 'vitest';
import { tfjsEngine } from '../../src/compute/tfjs-engine.ts';
import { EngineUnavailable } from '../../src/errors.ts';
import { itRuns } from '../contracts/engine.contract.ts';

await itRuns('tfjs-cpu', () => tfjsEngine({ backend: 'cpu' }));
await itRuns('tfjs-wasm', () => tfjsEngine({ backend: 'wasm' }), {
  without: ['unsortedSegmentSum'],
  wrong: ['oneHot, smoothed'],
  withoutGradients: [
    ...['conv2d, stride 1, same, 3 x 3', 'conv2d, stride 2, same, 4 x 4', 'conv2d, stride 2, valid, 3 x 3'],
    ...['conv2d, stride 1, valid, 1 x 1', 'conv2d layer', 'conv2dTranspose'],
    ...['gather', 'gather along the last axis'],
  ],
});

const node = await tfjsEngine({ backend: 'node' }).catch((error: unknown) => error);
if (node instanceof Error) {
  describe('tfjs-node, not installed', () => {
    it('says so, with a hint', () => {
      expect(node).toBeInstanceOf(EngineUnavailable);
      expect((node as EngineUnavailable).hint).toContain('npm install @tensorflow/tfjs-node');
    });
  });
} else {
  await itRuns('tfjs-node', () => tfjsEngine({ backend: 'node' }));
}
