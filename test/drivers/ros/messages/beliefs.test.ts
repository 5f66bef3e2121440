import { describe, expect, it } from 'vitest';
import { diagnostics, eStopBool, float32, markers, path } from '../../../../src/drivers/ros/messages/beliefs.ts';
import { decodeRaw, encodeRaw } from '../../../../src/drivers/ros/raw.ts';

const at = { timeMs: 1500, frameId: 'odom', version: 1 } as const;
const line = (points: number) => Array.from({ length: points }, (_, i) => ({ x: i, y: -i }));
const bad = { x: Number.NaN, y: 0 };

describe('beliefs', () => {
  it('as a path face where they head, without what is not finite', () => {
    const { poses } = path([{ x: 1, y: 2, yaw: Math.PI }, bad, { x: 3, y: 4 }], at);
    expect(poses.map(({ pose }) => pose.position)).toEqual([
      { x: 1, y: 2, z: 0 },
      { x: 3, y: 4, z: 0 },
    ]);
    expect(poses[0]!.pose.orientation.z).toBeCloseTo(1);
    expect(poses[1]!.pose.orientation).toEqual({ x: 0, y: 0, z: 0, w: 1 });
  });

  it('as lines are thinned, but for the best, which is thickest', () => {
    const candidates = Array.from({ length: 11 }, () => line(8));
    const drawn = markers({ candidates, elites: [line(8)], best: [...line(8), bad] }, at).markers;
    expect(drawn.map(({ ns, id, points }) => [ns, id, points.length])).toEqual([
      ['candidates', 0, 4],
      ['candidates', 1, 4],
      ['candidates', 2, 4],
      ['elites', 0, 4],
      ['best', 0, 8],
    ]);
    expect(drawn[0]!.points.at(-1)).toEqual({ x: 7, y: -7, z: 0 });
    expect(Math.max(...drawn.map(({ scale }) => scale.x))).toBe(drawn.at(-1)!.scale.x);
    expect(JSON.stringify(drawn)).not.toMatch(/null/);
  });

  it('as lines need two points', () => {
    expect(markers({ candidates: [[], line(1), [bad, bad]], elites: [] }, at).markers).toEqual([]);
  });

  it('as a number are one that a float32 can be', () => {
    expect(float32(1.5)).toEqual({ data: 1.5 });
    expect([Number.NaN, Number.POSITIVE_INFINITY, 1e39].map(float32)).toEqual([undefined, undefined, undefined]);
  });

  it('about ourselves have a level as a number', () => {
    const all = (['ok', 'warn', 'error', 'stale'] as const).map((level) => ({
      name: 'link',
      level,
      message: 'm',
      values: { age: '3 ms' },
    }));
    const { status } = diagnostics(all, 1500, 2);
    expect(status.map(({ level }) => level)).toEqual([0, 1, 2, 3]);
    expect(status[0]!.values).toEqual([{ key: 'age', value: '3 ms' }]);
  });

  it.each([1, 2] as const)('are messages of ROS %d', (version) => {
    const options = { ...at, version };
    const all: [string, unknown][] = [
      ['nav_msgs/Path', path(line(3), options)],
      [
        'diagnostic_msgs/DiagnosticArray',
        diagnostics([{ name: 'a', level: 'warn', message: 'ü', values: {} }], 1500, version),
      ],
      ['std_msgs/Float32', float32(1)],
      ['std_msgs/Bool', eStopBool(true)],
    ];
    for (const [type, message] of all)
      expect(decodeRaw(type, version, { bytes: encodeRaw(type, version, message) })).toEqual(message);
    const drawn = markers({ candidates: [], elites: [], best: line(3) }, options);
    const type = 'visualization_msgs/MarkerArray';
    // a ROS 2 marker has more, which may be left out
    expect(decodeRaw(type, version, { bytes: encodeRaw(type, version, drawn) })).toMatchObject({
      markers: [{ ns: 'best', points: drawn.markers[0]!.points }],
    });
  });
});
