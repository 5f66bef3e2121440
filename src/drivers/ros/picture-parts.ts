import { type Fields, field, fieldsOf } from './check.ts';
import type { PictureKind } from './picture.ts';

const parts: Readonly<Record<PictureKind, readonly string[]>> = {
  image: ['width', 'height', 'encoding', 'is_bigendian', 'step', 'data'],
  compressed: ['format', 'data'],
};

/**
 * What a worker needs of a picture message, and the buffers that may be handed over with it. Bytes are copied once into a
 * buffer of their own: they lie in the socket's, and a view would take all of that along. Throws `BadMessage`.
 */
export function partsOf(
  kind: PictureKind,
  message: unknown,
): { readonly parts: Fields; readonly buffers: ArrayBuffer[] } {
  const fields = fieldsOf(message, 'the picture');
  const buffers: ArrayBuffer[] = [];
  const own = (value: unknown) => {
    if (!(value instanceof Uint8Array) && !(value instanceof Uint8ClampedArray)) return value;
    const copy = new Uint8Array(value);
    buffers.push(copy.buffer);
    return copy;
  };
  return { parts: Object.fromEntries(parts[kind].map((name) => [name, own(field(fields, name))])), buffers };
}
