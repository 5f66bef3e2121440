import type { Frame } from '../drivers/driver.ts';
import type { Saying } from '../worldmodel/words.ts';
import type { SimStatus, Stage } from './stage.ts';

// What travels between the body and its page: plain data, nothing of Node.js and nothing of a browser.

export type Phase = 'starting' | 'running' | 'reached' | 'paused' | 'disarmed' | 'stopped' | 'done';

/** Paths over the camera picture: flat `x, y` pairs in `[0, 1]`, from the left and from the top. */
export type Paths = {
  readonly candidates: readonly (readonly number[])[];
  readonly elites: readonly (readonly number[])[];
  readonly best: readonly number[];
};

/** One moment of a run. A number that is not known (yet) is `null`. */
export type Snapshot = {
  readonly timeMs: number;
  readonly task: string;
  readonly phase: Phase;
  /** Counted from 0. */
  readonly goalIndex: number;
  /** How many there are in a row; 0 if they are not counted. */
  readonly goals: number;
  readonly reached: number;
  /** Latent distance to the goal. */
  readonly distance: number | null;
  readonly surprise: number | null;
  readonly planMs: number | null;
  readonly refinements: number | null;
  readonly replansPerSecond: number | null;
  readonly frameToCommandMs: number | null;
  /** What a plan may take. */
  readonly deadlineMs?: number | undefined;
  /** Latent distance that was foretold for now, a block ago. */
  readonly expected?: number | null | undefined;
  /** What few ordinary moments exceed. */
  readonly surpriseLimit?: number | undefined;
  /** Of the plan, after each refinement of the last thought. */
  readonly costs?: readonly number[] | undefined;
  /** Their names, in the order of their channels, where there are several. */
  readonly cameras?: readonly string[] | undefined;
  /** What can be tuned: refinements per thought at most, and the weights of the costs. */
  readonly iterations?: number | undefined;
  readonly weights?: Readonly<Record<string, number>> | undefined;
  /** Candidates per refinement, and blocks looked ahead. */
  readonly samples?: number | undefined;
  readonly horizon?: number | undefined;
  /** Side of the goal pictures that people may give, px. */
  readonly goalSize?: number | undefined;
  /** What goals can be asked for in words; and what was asked for last, as it was understood. */
  readonly sayings?: readonly Saying[] | undefined;
  readonly asked?: string | undefined;
  /** What is seen, and what the plan is imagined to end in, in words. */
  readonly said?: { readonly seen: string; readonly end: string } | undefined;
  /** Camera pictures that came and were not looked at. */
  readonly dropped?: number | undefined;
  /** `[A]`, with its limits and the names of its axes. */
  readonly action: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly names?: readonly string[] | undefined;
  /** Why the guard rests the robot; empty while it does not. */
  readonly reason: string;
  /** Left out: as before. */
  readonly paths?: Paths | undefined;
  /** Of a simulated world. */
  readonly sim?: SimStatus | undefined;
  /** Lines for the event log. */
  readonly log?: string | undefined;
};

export type LogEvent = { readonly timeMs: number; readonly text: string };

/** From the server, as JSON. `history` opens every connection. */
export type ServerMessage =
  | { readonly kind: 'history'; readonly events: readonly LogEvent[] }
  /** Who only looks on is told so. */
  | { readonly kind: 'role'; readonly role: 'act' | 'look' }
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/** Channels of the cameras, in the order that they are first seen in; of more nobody is shown. */
export const cameraChannels = ['camera', 'camera2', 'camera3', 'camera4'] as const;
/**
 * Pictures travel as binary messages; the place in this list is their first byte. `view` is what the mind looks at, where it is no
 * camera's own picture.
 */
export const channels = ['camera', 'goal', 'imagined', 'view', ...cameraChannels.slice(1)] as const;
export type Channel = (typeof channels)[number] | (typeof cameraChannels)[number];

const headerBytes = 5;

/** Channel (1 byte), width and height (2 bytes each, big-endian), then RGB rows. */
export function encodeFrame(channel: Channel, { width, height, data }: Frame): Uint8Array<ArrayBuffer> {
  if (data.length !== width * height * 3) {
    throw new TypeError(`frame.data must be ${width} x ${height} x 3 bytes, got ${data.length}`);
  }
  const message = new Uint8Array(headerBytes + data.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, channels.indexOf(channel));
  view.setUint16(1, width);
  view.setUint16(3, height);
  message.set(data, headerBytes);
  return message;
}

/** The picture in a binary message, without copying it; `undefined` if the message is none. */
export function decodeFrame(message: Uint8Array): { readonly channel: Channel; readonly frame: Frame } | undefined {
  if (message.length < headerBytes) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const channel = channels[view.getUint8(0)];
  const frame = { width: view.getUint16(1), height: view.getUint16(3), data: message.subarray(headerBytes) };
  if (channel === undefined || frame.data.length !== frame.width * frame.height * 3) return undefined;
  return { channel, frame };
}
