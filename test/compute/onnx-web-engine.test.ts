import { onnxEngine } from '../../src/compute/onnx-engine.ts';
import { itRuns } from '../contracts/engine.contract.ts';

await itRuns('onnx-web', () => onnxEngine({ runtime: 'web', threads: 1 }));
