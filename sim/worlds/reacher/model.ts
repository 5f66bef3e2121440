import { pinnedOption } from '../../mujoco/mujoco.ts';
import { rgba } from '../../variations.ts';
import type { Layout } from './layout.ts';

/** One physics step, s; the original repeats each action once. */
export const TIMESTEP = 0.02;
export const SUBSTEPS = 2;
/** Both links reach so far, m. */
export const LINK = 0.12;
/** The wrist turns so far to each side, rad. */
export const WRIST = (160 * Math.PI) / 180;

/**
 * DM Control's reacher, written anew from its numbers: an arm of two links in a plane, moved by weak motors, seen from above.
 * No contacts. State: shoulder and wrist, rad.
 */
export function reacherModel({ density, cameraHeight, cameraTurn, colours }: Layout): string {
  const turn = (cameraTurn * Math.PI) / 180;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const wall = (x: number, y: number, halfX: number, halfY: number) =>
    `<geom type="box" pos="${x} ${y} 0.02" size="${halfX} ${halfY} 0.02" rgba="${rgba(colours.wall)}"/>`;
  return `
<mujoco model="reacher">
  ${pinnedOption({ timestep: TIMESTEP, integrator: 'Euler', flags: { contact: 'disable' } })}
  <size memory="400K"/>
  <default><geom density="${density}"/></default>
  <worldbody>
    <camera name="above" pos="0 0 ${cameraHeight}" xyaxes="${c} ${s} 0 ${-s} ${c} 0" fovy="45"/>
    <geom name="floor" type="plane" size="0.3 0.3 1" rgba="${rgba(colours.floor)}"/>
    ${[wall(0.305, 0, 0.005, 0.3), wall(-0.305, 0, 0.005, 0.3), wall(0, 0.305, 0.31, 0.005), wall(0, -0.305, 0.31, 0.005)].join('\n    ')}
    <geom name="root" type="cylinder" size="0.011 0.01" pos="0 0 0.01" rgba="${rgba(colours.finger)}"/>
    <body name="arm" pos="0 0 0.01">
      <joint name="shoulder" type="hinge" axis="0 0 1" damping="0.01"/>
      <geom type="capsule" fromto="0 0 0 ${LINK} 0 0" size="0.01" rgba="${rgba(colours.arm)}"/>
      <body name="hand" pos="${LINK} 0 0">
        <joint name="wrist" type="hinge" axis="0 0 1" range="-160 160" limited="true" damping="0.01"/>
        <geom type="capsule" fromto="0 0 0 0.1 0 0" size="0.01" rgba="${rgba(colours.arm)}"/>
        <body name="finger" pos="${LINK} 0 0"><geom name="finger" type="sphere" size="0.01" rgba="${rgba(colours.finger)}"/></body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor name="shoulder" joint="shoulder" gear="0.05" ctrlrange="-1 1" ctrllimited="true"/>
    <motor name="wrist" joint="wrist" gear="0.05" ctrlrange="-1 1" ctrllimited="true"/>
  </actuator>
</mujoco>`;
}
