// A simulated world, as the page is told of it: plain data, nothing of Node.js and nothing of a browser.

export type Triple = readonly [number, number, number];

/** A thing to draw; half-sizes as MuJoCo has them, round ones stand along z. */
export type StageGeom = {
  readonly shape: string;
  readonly size: readonly number[];
  readonly rgba: readonly number[];
  /** What it is a part of, if a person may take hold of it. */
  readonly body?: string | undefined;
  readonly checker?: { readonly rgb: Triple; readonly cell: number } | undefined;
  /** Of shape `mesh`: corners `[n, 3]` and triangles `[m, 3]`. */
  readonly mesh?: { readonly positions: readonly number[]; readonly indices: readonly number[] } | undefined;
};

/** What there is to see and to do; sent when a page connects, and again when an episode looks different. */
export type Stage = {
  readonly policies: readonly string[];
  readonly keys: readonly { readonly code: string; readonly does: string }[];
  readonly cameras: readonly string[];
  /** Does the agent go where a person points in the picture? May things be drawn about? */
  readonly points: boolean;
  readonly pulls: boolean;
  /** Of a solid world; a flat one is seen through its camera. */
  readonly solid?: {
    readonly geoms: readonly StageGeom[];
    readonly background: Triple;
    readonly ambient: number;
    readonly lights: readonly { readonly direction: Triple; readonly strength: number }[];
    /** From where to look at first. */
    readonly eye: { readonly position: Triple; readonly towards: Triple; readonly up: Triple; readonly fovy: number };
  };
};

/** How a simulation stands; part of a snapshot. */
export type SimStatus = {
  readonly episode: number;
  readonly step: number;
  readonly policy: string;
  readonly speed: number;
  readonly camera: string;
  /** Episodes saved so far. */
  readonly saved: number;
};

/** First byte of a message with the geoms' places. */
export const POSES = 255;
const NUMBERS = 12;

/** Position (3) and rotation by rows (9) of every geom, as one message. */
export function encodePoses(
  geoms: readonly { readonly position: ArrayLike<number>; readonly rotation: ArrayLike<number> }[],
): Uint8Array {
  const message = new Uint8Array(4 + 4 * NUMBERS * geoms.length); // the numbers are aligned
  message[0] = POSES;
  const numbers = new Float32Array(message.buffer, 4);
  for (const [i, { position, rotation }] of geoms.entries()) {
    numbers.set(position, NUMBERS * i);
    numbers.set(rotation, NUMBERS * i + 3);
  }
  return message;
}

/** The geoms' places in a message, `[n, 12]`; undefined if it is another one. */
export function decodePoses(message: Uint8Array): Float32Array | undefined {
  if (message[0] !== POSES || message.length % (4 * NUMBERS) !== 4) return undefined;
  return new Float32Array(message.slice(4).buffer);
}
