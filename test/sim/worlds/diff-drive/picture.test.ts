import { describe, expect, it } from 'vitest';
import { type DiffDrive, poseOf } from '../../../../sim/worlds/diff-drive/index.ts';
import { diffDrive } from '../../../../sim/worlds/diff-drive/task.ts';
import type { Frame } from '../../../../src/drivers/driver.ts';
import { seeded } from '../../../../src/random.ts';

await diffDrive.prepare!();

const world = diffDrive.world() as DiffDrive;

/** The middle of a patch of the picture: the hue there, by the order of its channels, and how coloured it is. */
function colourAt({ width, data }: Frame, x: number, y: number) {
  const at = 3 * (Math.floor(y * width) * width + Math.floor(x * width));
  return [data[at]!, data[at + 1]!, data[at + 2]!] as const;
}
const mean = ({ data }: Frame) => data.reduce((sum, value) => sum + value, 0) / data.length;
/** Mean difference of two pictures, grey levels. */
const difference = (a: Frame, b: Frame) =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;

describe('the front camera', () => {
  it('sees the thing it faces, in its colour', () => {
    for (const { x, y, rgb, halfX, halfY } of world.layout.obstacles.slice(0, 5)) {
      // From the middle of the room's free side, half a metre before it.
      const away = 0.5 + Math.max(halfX, halfY);
      const yaw = Math.atan2(y - 0.4, x + 0.6);
      const state = world.standing({ x: x - away * Math.cos(yaw), y: y - away * Math.sin(yaw), yaw });
      const seen = colourAt(world.render(state, 64), 0.5, 0.52);
      const brightness = Math.max(...seen) / Math.max(...rgb);
      for (const [c, value] of rgb.entries()) expect(Math.abs(seen[c]! / brightness - value)).toBeLessThan(0.03);
    }
  });

  it('has the thing to its left on the left', () => {
    const red = world.layout.obstacles[0]!;
    const state = world.standing({ x: red.x - 0.9, y: red.y - 0.3, yaw: 0 });
    const [left, right] = [0.25, 0.85].map((x) => colourAt(world.render(state, 64), x, 0.52));
    expect(left![0]).toBeGreaterThan(2.5 * left![1]);
    expect(right![0]).toBeLessThan(2 * right![1]);
  });

  it('sees floor below, and another view from every pose', () => {
    const poses = Array.from({ length: 12 }, (_, i) => ({ x: -2.1, y: 0.2, yaw: (i * Math.PI) / 6 }));
    const frames = [...poses, { x: -0.8, y: 0.2, yaw: 0 }, { x: 0.6, y: 0.2, yaw: 0 }, { x: 1.6, y: 0.2, yaw: 0 }].map(
      (pose) => world.render(world.standing(pose), 64),
    );
    for (const frame of frames) {
      const [red, green, blue] = colourAt(frame, 0.5, 0.97);
      expect(red).toBeGreaterThan(green);
      expect(green).toBeGreaterThan(blue);
    }
    for (const [i, a] of frames.entries()) {
      for (const b of frames.slice(i + 1)) expect(difference(a, b)).toBeGreaterThan(4);
    }
  });

  it('is the one that drivers ask for', () => {
    const state = world.reset(seeded(2));
    expect(world.render(state, 64, 'camera')).toEqual(world.render(state, 64));
    expect(world.render(state, 64, 'front')).toEqual(world.render(state, 64));
  });
});

describe('the overhead camera', () => {
  it('sees the whole room, and the robot where it is located', () => {
    for (const pose of [
      { x: -2.2, y: 1.7, yaw: 0 },
      { x: 2.2, y: 1, yaw: 2 },
      { x: 0.3, y: -1.5, yaw: -1 },
    ]) {
      const here = world.standing(pose);
      const elsewhere = world.standing({ x: -0.6, y: -0.3, yaw: 0 });
      const [a, b] = [here, elsewhere].map((state) => world.render(state, 224, 'overhead')) as [Frame, Frame];
      const changed = { x: 0, y: 0, count: 0 };
      const [lx, ly] = world.locate(here);
      for (let i = 0; i < 224 * 224; i++) {
        if (a.data[3 * i] === b.data[3 * i]) continue;
        const [x, y] = [((i % 224) + 0.5) / 224, (Math.floor(i / 224) + 0.5) / 224];
        if (Math.hypot(x - lx, y - ly) > 0.1) continue; // where the other one stands
        changed.x += x;
        changed.y += y;
        changed.count++;
      }
      expect(changed.count).toBeGreaterThan(60);
      expect(Math.abs(changed.x / changed.count - lx)).toBeLessThan(0.01);
      expect(Math.abs(changed.y / changed.count - ly)).toBeLessThan(0.01);
    }
  });

  it('shows which way the robot looks', () => {
    const [a, b] = [0, Math.PI].map((yaw) => world.render(world.standing({ x: -2, y: 0, yaw }), 96, 'overhead'));
    expect(a!.data).not.toEqual(b!.data);
  });
});

describe('variations of the picture', () => {
  const pose = { x: -1.8, y: 0.3, yaw: 0.2 };
  const seen = (variations: Record<string, unknown>) => {
    const varied = diffDrive.world(variations) as DiffDrive;
    return varied.render(varied.standing(pose), 64);
  };
  const plain = seen({});

  it.each([{ wallColours: 5 }, { boxPlaces: 4 }, { boxes: 0 }, { cameraHeight: 0.45 }, { cameraNoise: 5 }])(
    '%j changes it',
    (variations) => {
      expect(difference(seen(variations), plain)).toBeGreaterThan(1);
    },
  );

  it('lighting makes it brighter or darker', () => {
    expect(mean(seen({ lighting: 0.5 }))).toBeLessThan(0.6 * mean(plain));
    expect(mean(seen({ lighting: 1.3 }))).toBeGreaterThan(1.05 * mean(plain));
  });

  it('noise has the deviation asked for, and is the same for the same state only', () => {
    const noisy = diffDrive.world({ cameraNoise: 6 }) as DiffDrive;
    const state = noisy.standing(pose);
    const frame = noisy.render(state, 64);
    const squares = [...frame.data].flatMap((value, i) => {
      const clean = plain.data[i]!;
      return clean > 30 && clean < 225 ? [(value - clean) ** 2] : [];
    });
    expect(Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length)).toBeCloseTo(6, 0);
    expect(noisy.render(noisy.decodeState(noisy.encodeState(state)), 64).data).toEqual(frame.data);
    const later = noisy.step(state, [0, 0]);
    expect(poseOf(later).x).toBeCloseTo(pose.x, 3);
    expect(difference(noisy.render(later, 64), frame)).toBeGreaterThan(4);
  });
});
