import { pinnedOption } from '../../mujoco/mujoco.ts';
import { rgba } from '../../variations.ts';
import type { Layout } from './layout.ts';

/** One physics step, s; 25 make a control step of 50 ms. */
export const TIMESTEP = 0.002;
export const SUBSTEPS = 25;
/** How far a finger opens, m. */
export const OPENING = 0.04;
export const JOINTS = ['j1', 'j2', 'j3', 'j4', 'j5', 'j6'] as const;
/** Where the arm waits, rad. */
export const HOME = [-Math.PI / 2, -Math.PI / 2, Math.PI / 2, -Math.PI / 2, -Math.PI / 2, 0] as const;
/** The cameras turn about here, m. */
const PIVOT = [0.425, 0] as const;

const GAINS = [4500, 4500, 4500, 2000, 2000, 500];

/**
 * A six-joint arm with the reach of OGBench's, built of capsules, with two sliding fingers, and a cube on the floor. Links do
 * not collide, fingers do; the arm carries its own weight. State: six joints, two fingers, the cube's free body.
 */
export function cubeModel({ half, density, friction, cameraTurn, armAlpha, colours }: Layout): string {
  const camera = (name: string, x: number, y: number, z: number, right: readonly number[], up: readonly number[]) => {
    const turn = (cameraTurn * Math.PI) / 180;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const spun = ([a, b, d]: readonly number[]) => [c * a! - s * b!, s * a! + c * b!, d!];
    const [px, py] = spun([x - PIVOT[0], y - PIVOT[1], 0]);
    const place = [px! + PIVOT[0], py! + PIVOT[1], z].join(' ');
    return `<camera name="${name}" pos="${place}" xyaxes="${[...spun(right), ...spun(up)].join(' ')}" fovy="45"/>`;
  };
  const servo = (gain: number, i: number) => {
    const limit = i < 3 ? 150 : 28;
    return `<general name="${JOINTS[i]}" joint="${JOINTS[i]}" biastype="affine" gainprm="${gain}" biasprm="0 -${gain} -${gain / 10}" forcerange="-${limit} ${limit}"/>`;
  };
  return `
<mujoco model="cube">
  <compiler angle="radian"/>
  ${pinnedOption({ timestep: TIMESTEP, cone: 'elliptic', impratio: 10 })}
  <size memory="2M"/>
  <default>
    <joint armature="0.1" damping="1"/>
    <default class="link"><geom type="capsule" contype="0" conaffinity="0" rgba="${rgba(colours.arm, armAlpha)}"/></default>
    <default class="grip">
      <geom type="box" friction="${friction} 0.02 0.0001" solref="0.004 1" solimp="0.95 0.99 0.001" condim="4"/>
    </default>
    <default class="finger"><joint type="slide" range="0 0.045" armature="0.01" damping="5" limited="true"/></default>
  </default>
  <worldbody>
    ${camera('front', 1.053, -0.014, 0.639, [0, 1, 0], [-0.628, 0.001, 0.778])}
    ${camera('side', 0.414, -0.753, 0.639, [1, 0, 0], [-0.001, 0.628, 0.778])}
    <geom name="floor" type="plane" size="1.2 1.2 0.01" rgba="${rgba(colours.floor)}"/>
    ${keepIn()}
    <body name="foot" quat="0.7071068 0 0 0.7071068">
      <geom class="link" type="cylinder" size="0.06 0.05" pos="0 0 0.05"/>
      <body name="l1" pos="0 0 0.163" gravcomp="1">
        <inertial mass="3.7" pos="0 0 0" diaginertia="0.01 0.01 0.007"/>
        <joint name="j1" axis="0 0 1" range="-6.28 6.28"/>
        <geom class="link" size="0.06 0.06"/>
        <body name="l2" pos="0 0.138 0" quat="0.7071068 0 0.7071068 0" gravcomp="1">
          <inertial mass="8.4" pos="0 0 0.2" diaginertia="0.13 0.13 0.015"/>
          <joint name="j2" axis="0 1 0"/>
          <geom class="link" size="0.05 0.2" pos="0 0 0.2"/>
          <body name="l3" pos="0 -0.131 0.425" gravcomp="1">
            <inertial mass="2.3" pos="0 0 0.2" diaginertia="0.03 0.03 0.004"/>
            <joint name="j3" axis="0 1 0"/>
            <geom class="link" size="0.04 0.19" pos="0 0 0.2"/>
            <body name="l4" pos="0 0 0.392" quat="0.7071068 0 0.7071068 0" gravcomp="1">
              <inertial mass="1.2" pos="0 0.127 0" diaginertia="0.0026 0.0026 0.0022"/>
              <joint name="j4" axis="0 1 0"/>
              <geom class="link" size="0.04 0.06" pos="0 0.05 0" quat="0.7071 0.7071 0 0"/>
              <body name="l5" pos="0 0.127 0" gravcomp="1">
                <inertial mass="1.2" pos="0 0 0.1" diaginertia="0.0026 0.0026 0.0022"/>
                <joint name="j5" axis="0 0 1"/>
                <geom class="link" size="0.04 0.05" pos="0 0 0.05"/>
                <body name="l6" pos="0 0 0.1" gravcomp="1">
                  <inertial mass="0.19" pos="0 0.08 0" diaginertia="0.0002 0.0002 0.0002"/>
                  <joint name="j6" axis="0 1 0"/>
                  <body name="hand" pos="0 0.1 0" quat="-0.7071068 0.7071068 0 0" gravcomp="1">
                    <geom class="link" type="box" size="0.05 0.03 0.03" pos="0 0 0.04" mass="0.6"/>
                    <site name="pinch" pos="0 0 0.145"/>
                    <body name="left" pos="0 0 0.115" gravcomp="1">
                      <joint class="finger" name="f1" axis="1 0 0"/>
                      <geom class="grip" size="0.005 0.011 0.04" pos="0.006 0 0.005" mass="0.03" rgba="0.2 0.2 0.22 1"/>
                    </body>
                    <body name="right" pos="0 0 0.115" gravcomp="1">
                      <joint class="finger" name="f2" axis="-1 0 0"/>
                      <geom class="grip" size="0.005 0.011 0.04" pos="-0.006 0 0.005" mass="0.03" rgba="0.2 0.2 0.22 1"/>
                    </body>
                  </body>
                </body>
              </body>
            </body>
          </body>
        </body>
      </body>
    </body>
    <body name="cube" pos="0.4 0 ${half}">
      <freejoint name="cube"/>
      <geom name="cube" class="grip" size="${half} ${half} ${half}" density="${density}" contype="3" conaffinity="3" rgba="${rgba(colours.cube)}"/>
    </body>
  </worldbody>
  <equality><joint joint1="f1" joint2="f2"/></equality>
  <actuator>
    ${GAINS.map(servo).join('\n    ')}
    <general name="fingers" joint="f1" biastype="affine" gainprm="1000" biasprm="0 -1000 -20" forcerange="-20 20"/>
  </actuator>
</mujoco>`;
}

/** Walls that nobody sees, and only the cube meets: it stays where the arm can reach it. */
function keepIn(): string {
  const wall = (x: number, y: number, halfX: number, halfY: number) =>
    `<geom type="box" group="3" contype="2" conaffinity="2" pos="${x} ${y} 0.1" size="${halfX} ${halfY} 0.1"/>`;
  return [
    wall(0.21, 0, 0.01, 0.4),
    wall(0.64, 0, 0.01, 0.4),
    wall(0.425, 0.39, 0.23, 0.01),
    wall(0.425, -0.39, 0.23, 0.01),
  ].join('\n    ');
}
