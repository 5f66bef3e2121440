import fc from 'fast-check';
import { expect, it } from 'vitest';
import { channels, decodeFrame, encodeFrame } from '../../src/page/telemetry.ts';

const frames = fc
  .record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 8 }), seed: fc.nat(255) })
  .map(({ width, height, seed }) => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31 + seed) % 256),
  }));

it('a frame survives its journey, wherever in a buffer it arrives', () => {
  fc.assert(
    fc.property(frames, fc.constantFrom(...channels), fc.nat(9), (frame, channel, offset) => {
      const message = encodeFrame(channel, frame);
      const arrived = new Uint8Array(offset + message.length);
      arrived.set(message, offset);
      expect(decodeFrame(arrived.subarray(offset))).toEqual({ channel, frame });
    }),
    { numRuns: 50 },
  );
});

it('what is no frame is not taken for one', () => {
  const message = encodeFrame('camera', { width: 2, height: 2, data: new Uint8Array(12) });
  for (let length = 0; length < message.length; length++) {
    expect(decodeFrame(message.subarray(0, length))).toBeUndefined();
  }
  expect(decodeFrame(message.with(0, 250))).toBeUndefined();
});

it('refuses to send a frame whose bytes do not fit its size', () => {
  expect(() => encodeFrame('goal', { width: 2, height: 2, data: new Uint8Array(11) })).toThrow(
    'frame.data must be 2 x 2 x 3 bytes, got 11',
  );
});
