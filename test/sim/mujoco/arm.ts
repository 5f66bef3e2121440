import { pinnedOption } from '../../../sim/mujoco/mujoco.ts';

/** A planar arm of two links with a servo each, a loose cube on the floor, a mesh and an ellipsoid to look at. */
export const armModel = (option = pinnedOption(0.002)) => `
<mujoco model="arm">
  ${option}
  <size memory="1M"/>
  <asset><mesh name="wedge" vertex="0 0 0  0.1 0 0  0 0.1 0  0 0 0.1"/></asset>
  <worldbody>
    <geom name="floor" type="plane" size="2 2 0.1"/>
    <geom name="wedge" type="mesh" mesh="wedge" pos="0 1 0" contype="0" conaffinity="0"/>
    <geom name="egg" type="ellipsoid" size="0.1 0.2 0.3" pos="0 -1 0" contype="0" conaffinity="0"/>
    <camera name="side" pos="0 -2 1" xyaxes="1 0 0 0 0.3 1"/>
    <body name="upper" pos="0 0 0.5">
      <joint name="shoulder" type="hinge" axis="0 1 0" range="-120 120" damping="1"/>
      <geom type="capsule" fromto="0 0 0 0.4 0 0" size="0.03" contype="0" conaffinity="0"/>
      <body name="lower" pos="0.4 0 0">
        <joint name="elbow" type="hinge" axis="0 0.6 0.8" damping="1"/>
        <geom type="capsule" fromto="0 0 0 0.3 0 0" size="0.02" contype="0" conaffinity="0"/>
        <body><geom name="nail" type="sphere" pos="0.3 0 0" size="0.01" contype="0" conaffinity="0"/></body>
        <site name="tip" pos="0.3 0 0.02" euler="0 20 0"/>
      </body>
    </body>
    <body name="cube" pos="0.5 0.5 0.05">
      <freejoint name="cube"/>
      <geom name="cube" type="box" size="0.05 0.05 0.05" mass="2"/>
    </body>
  </worldbody>
  <actuator>
    <position name="lift" joint="shoulder" kp="200" ctrlrange="-2 2"/>
    <position name="bend" joint="elbow" kp="100"/>
  </actuator>
  <sensor>
    <jointpos name="angles" joint="elbow"/>
    <framepos name="tip" objtype="site" objname="tip"/>
  </sensor>
  <keyframe><key name="bent" qpos="0.3 -0.4 0.2 0.1 0.05 1 0 0 0"/></keyframe>
</mujoco>`;
