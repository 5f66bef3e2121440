import { layoutOf as cubeLayout } from '../../sim/worlds/cube/layout.ts';
import * as cube from '../../sim/worlds/cube/model.ts';
import { layoutOf as diffDriveLayout } from '../../sim/worlds/diff-drive/layout.ts';
import * as diffDrive from '../../sim/worlds/diff-drive/model.ts';
import { layoutOf as mazeLayout } from '../../sim/worlds/point-maze/layout.ts';
import * as maze from '../../sim/worlds/point-maze/model.ts';
import { layoutOf as reacherLayout } from '../../sim/worlds/reacher/layout.ts';
import * as reacher from '../../sim/worlds/reacher/model.ts';
import { seeded } from '../../src/random.ts';

/** A model of ours under drawn controls, which any MuJoCo can follow. */
export type Drive = {
  readonly mjcf: string;
  /** Positions that differ from the model's own at the start, by their index. */
  readonly start: Readonly<Record<number, number>>;
  readonly substeps: number;
  /** One vector a control step. */
  readonly controls: readonly (readonly number[])[];
};

const STEPS = 100;
/** Control steps that a control is held for. */
const HELD = 5;
/** The cube of the cube's world falls from here, m; its height is the twelfth position. */
const DROP = { 10: 0.15 };

const drawn = (count: number, draw: (uniform: () => number, axis: number) => number) => {
  const random = seeded(1);
  let control: number[] = [];
  return Array.from({ length: STEPS }, (_, step) => {
    if (step % HELD === 0) control = Array.from({ length: count }, (_, axis) => draw(() => random.uniform(), axis));
    return control;
  });
};
const around = (middle: number, width: number, uniform: () => number) => middle + width * (2 * uniform() - 1);

/** Torques of the reacher, pushes through the maze, wheels through the room, and an arm that waves above a falling cube. */
export const drives: Readonly<Record<string, Drive>> = {
  reacher: {
    mjcf: reacher.reacherModel(reacherLayout()),
    start: {},
    substeps: reacher.SUBSTEPS,
    controls: drawn(2, (uniform) => around(0, 1, uniform)),
  },
  'point-maze': {
    mjcf: maze.pointMazeModel(mazeLayout()),
    start: {},
    substeps: maze.SUBSTEPS,
    controls: drawn(2, (uniform) => around(0, 1, uniform)),
  },
  'diff-drive': {
    mjcf: diffDrive.diffDriveModel(diffDriveLayout()),
    start: {},
    substeps: diffDrive.SUBSTEPS,
    controls: drawn(2, (uniform) => around(4, 8, uniform)),
  },
  cube: {
    mjcf: cube.cubeModel(cubeLayout()),
    start: DROP,
    substeps: cube.SUBSTEPS,
    controls: drawn(7, (uniform, axis) =>
      axis < 6 ? around(cube.HOME[axis]!, 0.2, uniform) : cube.OPENING * uniform(),
    ),
  },
};
