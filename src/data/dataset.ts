/** What a data set says of itself (`dataset.json`). */
export type DatasetMeta = {
  readonly format: 'premotor-episodes/1';
  readonly task: string;
  readonly seed: number;
  readonly policy: string;
  readonly variations: Readonly<Record<string, unknown>>;
  readonly width: number;
  readonly height: number;
  /** A frame is stored every so many control steps. */
  readonly frameEvery: number;
  readonly actionSize: number;
  readonly stateSize: number;
  readonly periodMs: number;
};

/** Recorded episodes: at random access, memory bounded. An episode of `length` actions has `length + 1` moments. */
export interface Dataset {
  readonly meta: DatasetMeta;
  readonly episodes: number;
  /** SHA-256 over all shards, hex: names this data in model cards. */
  readonly hash: string;
  /** Number of actions in an episode. */
  length(episode: number): number;
  /** True state at a moment, `[stateSize]`; for experts, probes and evaluation, never for the agent. */
  state(episode: number, step: number): Float64Array;
  /** Actions of steps `from` (included) to `to` (excluded), `[(to - from) * A]`, robot units. */
  actions(episode: number, from: number, to: number): Float32Array;
  /** Copies the frame of a moment (`step` a multiple of `frameEvery`) to `target[offset...]`: RGB rows. */
  readFrame(episode: number, step: number, target: Uint8Array, offset: number): void;
  /** Copies `count` stored frames, from that of a moment on, to `target[offset + i * stride...]`, with one read of the disk. */
  readFrames(episode: number, step: number, count: number, target: Uint8Array, offset: number, stride: number): void;
  close(): void;
}
