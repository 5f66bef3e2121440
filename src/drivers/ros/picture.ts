import type { Frame } from '../driver.ts';
import { readCompressedImage } from './messages/compressed-image.ts';
import type { DepthRange } from './messages/depth.ts';
import { readImage } from './messages/image.ts';
import { type Crop, centred, resized, type Size } from './resize.ts';

/** `sensor_msgs/Image` or `sensor_msgs/CompressedImage`. */
export type PictureKind = 'image' | 'compressed';

export type PictureOptions = {
  /** px; as the camera sends it unless given. */
  readonly size?: Size;
  /** What becomes of a picture of another shape; `fit` unless given. */
  readonly crop?: Crop;
  /** From where to where a depth picture is grey, m; 0.1 to 10 unless given. */
  readonly depth?: DepthRange;
};

/** A message as the frame a model wants. Throws `BadMessage`. */
export function toPicture(kind: PictureKind, message: unknown, { size, crop = 'fit', depth }: PictureOptions = {}) {
  const read = kind === 'image' ? readImage : readCompressedImage;
  const frame: Frame = read(message, depth && { depth });
  if (size === undefined) return frame;
  return resized(crop === 'centre' ? centred(frame, size) : frame, size);
}
