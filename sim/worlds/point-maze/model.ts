import { pinnedOption } from '../../mujoco/mujoco.ts';
import { rgba } from '../../variations.ts';
import type { Layout } from './layout.ts';
import { centreOf, isWall } from './maze.ts';

/** One physics step, s; five make a control step. */
export const TIMESTEP = 0.01;
export const SUBSTEPS = 5;
export const RADIUS = 0.1;
/** A joint's 0 is here, m: D4RL's ball stands at (1.2, 1.2). */
export const ORIGIN = 1.2;

/** D4RL's maze2d, written anew from its numbers: a ball on two slides, pushed by two motors, between boxes of 1 m. */
export function pointMazeModel({ maze, density, damping, colours }: Layout): string {
  const { rows } = maze;
  const [width, depth] = [rows.length, rows[0]!.length];
  const half = Math.max(width, depth) / 2;
  const middle = [(width + 1) / 2, (depth + 1) / 2];
  const walls = rows.flatMap((row, i) =>
    [...row].flatMap((_, j) => {
      if (!isWall(maze, [i, j])) return [];
      const [x, y] = centreOf([i, j]);
      return [`<geom class="wall" pos="${x} ${y} 0"/>`];
    }),
  );
  const height = 12;
  const fovy = (2 * Math.atan(half / (height - 0.2)) * 180) / Math.PI;
  return `
<mujoco model="point-maze">
  ${pinnedOption({ timestep: TIMESTEP, integrator: 'Euler', iterations: 20, gravity: [0, 0, 0] })}
  <size memory="1M"/>
  <default>
    <joint damping="${damping}"/>
    <geom friction="0.5 0.1 0.1" density="${density}" margin="0.002" condim="1" contype="2" conaffinity="1"/>
    <default class="wall"><geom type="box" size="0.5 0.5 0.2" rgba="${rgba(colours.wall)}"/></default>
  </default>
  <worldbody>
    <camera name="above" pos="${middle[0]} ${middle[1]} ${height}" fovy="${fovy}"/>
    <geom name="floor" type="plane" pos="${middle[0]} ${middle[1]} -0.2" size="${half} ${half} 1" contype="0" conaffinity="0" rgba="${rgba(colours.floor)}"/>
    <body name="ball" pos="${ORIGIN} ${ORIGIN} 0">
      <joint name="x" type="slide" axis="1 0 0"/>
      <joint name="y" type="slide" axis="0 1 0"/>
      <geom name="ball" type="sphere" size="${RADIUS}" contype="1" rgba="${rgba(colours.ball)}"/>
      <geom name="cap" type="sphere" size="${1.6 * RADIUS}" pos="0 0 0.3" contype="0" conaffinity="0" mass="0" rgba="${rgba(colours.ball)}"/>
    </body>
    ${walls.join('\n    ')}
  </worldbody>
  <actuator>
    <motor name="x" joint="x" gear="100" ctrlrange="-1 1" ctrllimited="true"/>
    <motor name="y" joint="y" gear="100" ctrlrange="-1 1" ctrllimited="true"/>
  </actuator>
</mujoco>`;
}
