import { convEncoder } from './conv-encoder.ts';
import { keypointEncoder } from './keypoint-encoder.ts';
import { onnxEncoder } from './onnx-encoder.ts';
import { patchMergeEncoder } from './patch-merge-encoder.ts';
import { vitEncoder } from './vit-encoder.ts';

/** By name, as configurations and `premotor train --encoder` know them. */
export const encoders = {
  'patch-merge': patchMergeEncoder,
  conv: convEncoder,
  keypoint: keypointEncoder,
  vit: vitEncoder,
  onnx: onnxEncoder,
} as const;
