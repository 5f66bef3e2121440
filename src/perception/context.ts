/** What the world model may look back on: `T` latents, oldest first, and the `T - 1` normalised blocks between them. */
export type Context = {
  /** When the newest latent's frame was taken. */
  readonly timeMs: number;
  readonly latents: readonly Float32Array[];
  readonly blocks: readonly Float32Array[];
};
