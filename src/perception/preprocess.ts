import { tf } from '../compute/tf.ts';
import type { Frame } from '../drivers/driver.ts';
import { BadPicture } from '../errors.ts';

/** Spread of pixel values after the mean picture is taken off; keeps the first layer's input near unit size. */
export const PIXEL_SCALE = 64;

/** Bytes as floats `[N, h, w, 3]` in 0..255 -> what encoders take: the mean picture `[h, w, 3]` off, scaled. */
export function normalisePixels(bytes: tf.Tensor, mean: tf.Tensor): tf.Tensor4D {
  return tf.sub(tf.mul(bytes, 1 / PIXEL_SCALE), tf.mul(mean, 1 / PIXEL_SCALE)) as tf.Tensor4D;
}

/** Refuses a frame that the encoder was not made for. */
export function requireSize(frame: Frame, size: number): Frame {
  if (frame.width !== size || frame.height !== size) {
    throw new BadPicture(`a frame must be ${size}x${size} for this model, got ${frame.width}x${frame.height}`, {
      hint: 'set the camera to the size in the checkpoint, or train with --size',
    });
  }
  if (frame.data.length !== size * size * 3) {
    throw new BadPicture(`a ${size}x${size} frame must have ${size * size * 3} bytes, got ${frame.data.length}`);
  }
  return frame;
}
