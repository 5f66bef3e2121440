import { expect, it } from 'vitest';
import { eventFileStart, scalarEvent, scalarsOf } from '../../src/cli/tensorboard.ts';
import { crc32c } from '../../src/data/crc32.ts';

it('sums as TensorFlow does', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283); // the check value of CRC-32C
});

it('writes the record that TensorFlow writes', () => {
  // tensorboard 2.21: EventFileWriter's bytes for the first event of 2 s, and for a loss of 0.5 at step 3
  expect(Buffer.from(eventFileStart(2)).toString('hex')).toBe(START);
  expect(Buffer.from(scalarEvent(2, 3, { loss: 0.5 })).toString('hex')).toBe(LOSS);
});

it('names numbers by the path to them', () => {
  const line = { losses: { total: 2 }, probe: [0.5, 0.25], health: { collapsed: false, rank: 3 } };
  expect(scalarsOf(line)).toEqual({ 'losses/total': 2, 'probe/0': 0.5, 'probe/1': 0.25, 'health/rank': 3 });
});

const START = '1800000000000000a37f4b220900000000000000401a0d627261696e2e4576656e743a32ff2ee0e7';
const LOSS = '1a00000000000000129bd82d09000000000000004010032a0d0a0b0a046c6f7373150000003fbac36b94';
