import { describe, expect, it } from 'vitest';
import { isForRobot, parseControl } from '../../src/page/control.ts';
import { decodePoses, encodePoses } from '../../src/page/stage.ts';
import { decodeFrame, encodeFrame } from '../../src/page/telemetry.ts';

describe('parseControl', () => {
  it.each([
    { kind: 'estop' },
    { kind: 'run' },
    { kind: 'step' },
    { kind: 'speed', speed: 0.25 },
    { kind: 'policy', name: 'expert' },
    { kind: 'hands', keys: ['ArrowUp', 'KeyQ'] },
    { kind: 'hands', keys: [], point: [0.25, 1] },
    { kind: 'tune', iterations: 0 },
    { kind: 'tune', weights: { sum: 0.5, effort: 0 } },
    { kind: 'tune', samples: 128, horizon: 3 },
    { kind: 'ask', words: 'in the left room, at the top' },
    { kind: 'pull', body: 'cube', from: [0, 0, 0.1], to: [0.1, -1, 2] },
  ])('reads %j', (control) => {
    expect(parseControl(JSON.stringify(control))).toEqual(control);
    expect(parseControl(JSON.stringify({ ...control, more: 'than asked' }))).toEqual(control);
  });

  it.each([
    '',
    'null',
    '[]',
    '"run"',
    '{"kind":"dance"}',
    '{"kind":["run"]}',
    '{"kind":"speed","speed":0}',
    '{"kind":"speed","speed":1e999}',
    '{"kind":"speed"}',
    '{"kind":"policy","name":7}',
    `{"kind":"camera","name":"${'x'.repeat(65)}"}`,
    '{"kind":"hands","keys":"ArrowUp"}',
    '{"kind":"hands","keys":[1]}',
    '{"kind":"hands","keys":["1","2","3","4","5","6","7","8","9"]}',
    '{"kind":"hands","keys":[],"point":[0]}',
    '{"kind":"hands","keys":[],"point":[0,null]}',
    '{"kind":"pull","body":"a","from":[0,0],"to":[0]}',
    '{"kind":"tune","iterations":1.5}',
    '{"kind":"tune","iterations":-1}',
    '{"kind":"tune","samples":7}',
    '{"kind":"tune","samples":1e9}',
    '{"kind":"tune","horizon":0}',
    '{"kind":"tune","horizon":"5"}',
    '{"kind":"tune","weights":{"sum":"1"}}',
    '{"kind":"tune","weights":{"sum":1e999}}',
    '{"kind":"tune","weights":7}',
    '{"kind":"pull","from":[0,0],"to":[0,0]}',
    '{"kind":"ask"}',
    '{"kind":"ask","words":["left"]}',
    `{"kind":"ask","words":"${'x'.repeat(201)}"}`,
  ])('refuses %s', (text) => {
    expect(parseControl(text)).toBeUndefined();
  });

  it('tells what is for any robot from what is for a simulated world', () => {
    expect(isForRobot({ kind: 'estop' })).toBe(true);
    expect(isForRobot({ kind: 'tune', iterations: 3 })).toBe(true);
    expect(isForRobot({ kind: 'ask', words: 'left' })).toBe(true);
    expect(isForRobot({ kind: 'step' })).toBe(false);
  });
});

describe('poses', () => {
  it('travel as one message, which is no picture', () => {
    const geoms = [
      { position: [1, 2, 3], rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
      { position: Float64Array.of(-1, 0.5, 0), rotation: [0, 1, 0, -1, 0, 0, 0, 0, 1] },
    ];
    const message = encodePoses(geoms);
    expect([...decodePoses(message)!]).toEqual([
      1, 2, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0.5, 0, 0, 1, 0, -1, 0, 0, 0, 0, 1,
    ]);
    expect(decodeFrame(message)).toBeUndefined();
    expect(decodePoses(message.subarray(0, 20))).toBeUndefined();
    const frame = { width: 4, height: 1, data: new Uint8Array(12) };
    expect(decodePoses(encodeFrame('camera', frame))).toBeUndefined();
  });
});
