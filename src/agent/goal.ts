import type { Frame } from '../drivers/driver.ts';
import { BadPicture, NoWords } from '../errors.ts';
import type { Imagination } from '../planner/imagination.ts';
import type { Understood } from '../planner/interpreter.ts';

/** What the agent wishes to see: a picture of it, or its latent `[D]`. */
export type Sight = { readonly frame: Frame } | { readonly latent: Float32Array };
/** The same, or what shall hold of it, in words (see `Words`). */
export type Goal = Sight | { readonly words: string };

/** What words ask for, seen from here. Throws as `Interpreter.understand`, and `UsageError` for a model that knows no words. */
export async function understand(
  words: string,
  here: Float32Array,
  imagination: Pick<Imagination, 'understand'>,
): Promise<Understood> {
  if (imagination.understand) return imagination.understand(words, here);
  throw new NoWords();
}

/** Goal -> latent `[D]`. Throws `BadPicture` for a picture that is not one, or of another size than the model's. */
export async function goalLatent(
  goal: Sight,
  imagination: Pick<Imagination, 'see' | 'pictureSize'>,
): Promise<Float32Array> {
  if ('latent' in goal) return goal.latent;
  checkFrame(goal.frame, imagination.pictureSize, 'the goal picture');
  return imagination.see(goal.frame);
}

/** Throws `BadPicture` unless the frame has all its bytes, and the size asked for. */
export function checkFrame({ width, height, data }: Frame, size: number | undefined, what: string): void {
  const bytes = width * height * 3;
  if (!Number.isInteger(bytes) || bytes <= 0 || data?.length !== bytes)
    throw new BadPicture(`${what} must have ${width} x ${height} x 3 bytes, got ${data?.length}`);
  if (size !== undefined && (width !== size || height !== size))
    throw new BadPicture(`${what} must be ${size} x ${size} pixels, got ${width} x ${height}`, {
      hint: 'take it with the camera and at the size that the checkpoint was trained on',
    });
}
