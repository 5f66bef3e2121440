import { Subject } from 'rxjs';
import type { VirtualClock } from '../../src/clock.ts';
import type { Sight } from '../../src/drivers/ros/driver.ts';
import type { StampClock } from '../../src/drivers/ros/stamp-clock.ts';
import type { Random } from '../../src/random.ts';
import type { BodyClock } from './body-clock.ts';
import type { Faults } from './faults.ts';

export const SIDE = 8;

/** What is true of a frame, whatever its stamp says. */
export type Shot = {
  readonly bytes: Uint8Array;
  readonly honest: boolean;
  /** When its stamp claims it was taken: a frame that is late by as much as its stamp lies ahead cannot be told from a good one. */
  readonly claimedMs: number;
};

/** The frame's bytes show where the robot is. */
const draw = (number: number, [x, y]: readonly [number, number]): Uint8Array => {
  const bytes = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + number * 17) % 251;
  new DataView(bytes.buffer).setFloat64(0, x);
  new DataView(bytes.buffer).setFloat64(8, y);
  new DataView(bytes.buffer).setUint32(16, number);
  return bytes;
};

/** Where a frame shows the robot. */
export function placeIn(bytes: Uint8Array): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getFloat64(0), view.getFloat64(8)];
}

export type CameraOptions = {
  readonly world: VirtualClock;
  readonly body: BodyClock;
  readonly faults: () => Faults;
  readonly random: Random;
  readonly stamps: StampClock;
  readonly place: readonly [number, number];
  /** The robot's own clock, ms. */
  readonly robotTime: () => number;
  /** By how much it has just jumped: a stamp that is as wrong the other way cannot be told from a good one. */
  readonly jumpedMs: () => number;
  /** A frame has reached the body: what is true of it. */
  readonly onArrival: (shot: Shot) => void;
};

/** Ten to thirty frames a second, with what befalls them. */
export function simulatedCamera({
  world,
  body,
  faults,
  random,
  stamps,
  place,
  robotTime,
  jumpedMs,
  onArrival,
}: CameraOptions) {
  const sights$ = new Subject<Sight>();
  const periodMs = 33 + 67 * random.uniform();
  let number = 0;
  let last: Uint8Array | undefined;

  const deliver = (shot: Shot, stampMs: number, side: number) =>
    body.awake(() => {
      const timeMs = stamps.date(stampMs, body.now());
      onArrival(shot);
      sights$.next({ timeMs, frames: { eye: { width: side, height: side, data: shot.bytes } } });
    });
  world.schedule(function () {
    const f = faults();
    this.schedule(undefined, periodMs * (0.9 + 0.2 * random.uniform()));
    number++;
    const dropped = f.on('frames dropped') && random.uniform() < 0.3 + f.intensity('frames dropped');
    if (dropped) return;
    const black = f.on('frames black');
    const wrong = f.on('frames of a wrong size');
    const future = f.on('frames stamped in the future');
    const aheadMs = future ? 200 + 5000 * f.intensity('frames stamped in the future') : 0;
    let bytes = draw(number, place);
    if (f.on('frames frozen') && last !== undefined) bytes = last;
    if (black) bytes = new Uint8Array(bytes.length);
    if (wrong) bytes = bytes.slice(0, 4 * 4 * 3);
    last = bytes;
    const behindMs = f.on('frames stamped in the past') ? 5000 * f.intensity('frames stamped in the past') : 0;
    const netMs = aheadMs - behindMs;
    const seemsMs = netMs > 0 && netMs + jumpedMs() < netMs ? netMs + jumpedMs() : netMs;
    const shot = { bytes, honest: !black && !wrong, claimedMs: world.now() + Math.max(0, seemsMs) };
    const stampMs = robotTime() + aheadMs - behindMs;
    let afterMs = 4 + 20 * random.uniform();
    if (f.on('frames late')) afterMs += 2000 * f.intensity('frames late');
    if (f.on('frames out of order')) afterMs += random.uniform() * 20 * periodMs;
    const side = wrong ? 4 : SIDE;
    world.schedule(() => deliver(shot, stampMs, side), afterMs);
    if (f.on('frames twice')) world.schedule(() => deliver(shot, stampMs, side), afterMs + 30 * random.uniform());
  });
  return sights$;
}
