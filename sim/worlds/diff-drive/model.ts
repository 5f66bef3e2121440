import { pinnedOption } from '../../mujoco/mujoco.ts';
import { UNSEEN_GROUP } from '../../mujoco/scene.ts';
import type { Rgb } from '../../rasteriser/scene.ts';
import { type Obstacle, ROBOT_RADIUS, ROOM } from './furniture.ts';
import type { Layout } from './layout.ts';

export const WHEEL = { radius: 0.05, halfWidth: 0.015, track: 0.24 };
/** Height of the chassis' middle above the floor, m. */
export const RIDE = 0.06;
/** The front camera is this far ahead of the axle, m. */
const CAMERA_AHEAD = 0.12;
/** One physics step, s, and how many make a control step. */
export const TIMESTEP = 0.005;
export const SUBSTEPS = 20;
/** The overhead camera sees a square this far to each side of the middle, at the height of the robot's top, m. */
export const OVERHEAD = { height: 6, half: 2.85, at: 0.1 };

/**
 * The robot and its room as a MuJoCo model. State: a free body, then the left and the right wheel.
 *
 * Walls and furniture meet the chassis as an unseen sphere of its radius: seen from above that is the same disc, and its
 * contacts have closed forms, where those of a cylinder with a box's corner may be centimetres off.
 */
export function diffDriveModel(layout: Layout): string {
  const overheadFovy = (Math.atan(OVERHEAD.half / (OVERHEAD.height - OVERHEAD.at)) * 360) / Math.PI;
  return `
<mujoco model="diff-drive">
  ${pinnedOption(TIMESTEP)}
  <size memory="1M"/>
  <default>
    <geom friction="0.2 0.005 0.0001" condim="3"/>
    <default class="solid"><geom contype="2" conaffinity="2"/></default>
    <default class="seen"><geom contype="0" conaffinity="0" mass="0"/></default>
    <default class="tyre">
      <geom type="cylinder" size="${WHEEL.radius} ${WHEEL.halfWidth}" euler="90 0 0" mass="0.2" rgba="0.1 0.1 0.1 1"
        friction="${layout.friction} 0.005 0.0001" priority="1"/>
    </default>
    <default class="caster">
      <geom type="sphere" size="0.02" mass="0.05" friction="0.01 0.005 0.0001" priority="1" rgba="0.6 0.6 0.6 1"/>
    </default>
  </default>
  <worldbody>
    <geom name="floor" type="plane" size="${ROOM.halfX} ${ROOM.halfY} 0.1" friction="1 0.005 0.0001" rgba="0.62 0.57 0.5 1"/>
    <camera name="overhead" pos="0 0 ${OVERHEAD.height}" fovy="${overheadFovy}"/>
    ${walls(layout).join('\n    ')}
    ${layout.obstacles.map(obstacle).join('\n    ')}
    <body name="robot" pos="0 0 ${RIDE}">
      <freejoint/>
      <geom name="chassis" type="cylinder" size="${ROBOT_RADIUS} 0.03" mass="2" contype="0" conaffinity="0" rgba="0.2 0.22 0.26 1"/>
      <geom name="hull" class="solid" type="sphere" size="${ROBOT_RADIUS}" mass="0" group="${UNSEEN_GROUP}"/>
      <geom class="seen" type="box" pos="0.1 0 0.032" size="0.035 0.05 0.004" rgba="1 0.45 0.05 1"/>
      <geom class="caster" pos="0.11 0 -0.04"/>
      <geom class="caster" pos="-0.11 0 -0.04"/>
      <camera name="front" pos="${CAMERA_AHEAD} 0 ${layout.cameraHeight - RIDE}" xyaxes="0 -1 0 0 0 1" fovy="75"/>
      <body pos="0 ${WHEEL.track / 2} ${WHEEL.radius - RIDE}">
        <joint name="left" type="hinge" axis="0 1 0" damping="0.01"/><geom class="tyre"/>
      </body>
      <body pos="0 ${-WHEEL.track / 2} ${WHEEL.radius - RIDE}">
        <joint name="right" type="hinge" axis="0 1 0" damping="0.01"/><geom class="tyre"/>
      </body>
    </body>
  </worldbody>
  <actuator>
    <velocity joint="left" kv="0.5" ctrlrange="-20 20" forcerange="-1 1"/>
    <velocity joint="right" kv="0.5" ctrlrange="-20 20" forcerange="-1 1"/>
  </actuator>
</mujoco>`;
}

const THICK = 0.05;

/** Four walls, and on each something of its own to tell it by: windows, a door, a picture, a striped curtain. */
function walls({ walls: colours }: Layout): string[] {
  const { halfX, halfY, wallHeight } = ROOM;
  const z = wallHeight / 2;
  const solid = (name: string, x: number, y: number, sizeX: number, sizeY: number, rgb: Rgb) =>
    `<geom name="${name}" class="solid" type="box" pos="${x} ${y} ${z}" size="${sizeX} ${sizeY} ${z}" rgba="${rgba(rgb)}"/>`;
  const flat = (x: number, y: number, height: number, sizeX: number, sizeY: number, sizeZ: number, rgb: Rgb) =>
    `<geom class="seen" type="box" pos="${x} ${y} ${height}" size="${sizeX} ${sizeY} ${sizeZ}" rgba="${rgba(rgb)}"/>`;
  return [
    solid('north', 0, halfY + THICK, halfX + 2 * THICK, THICK, colours.north),
    solid('south', 0, -halfY - THICK, halfX + 2 * THICK, THICK, colours.south),
    solid('east', halfX + THICK, 0, THICK, halfY, colours.east),
    solid('west', -halfX - THICK, 0, THICK, halfY, colours.west),
    flat(-1.2, halfY, 0.5, 0.35, 0.01, 0.2, [0.93, 0.96, 1]),
    flat(0.9, halfY, 0.5, 0.35, 0.01, 0.2, [0.93, 0.96, 1]),
    flat(-0.1, halfY, 0.4, 0.07, 0.01, 0.4, [0.8, 0.3, 0.25]),
    flat(1.9, halfY, 0.12, 0.3, 0.01, 0.12, [0.2, 0.25, 0.3]),
    flat(halfX, -0.7, 0.55, 0.01, 0.25, 0.12, [0.2, 0.5, 0.55]),
    flat(-halfX, 1.3, 0.3, 0.01, 0.12, 0.3, [0.9, 0.9, 0.85]),
    flat(halfX, 0.7, 0.34, 0.01, 0.3, 0.34, [0.38, 0.2, 0.1]),
    flat(-halfX, -0.2, 0.5, 0.01, 0.45, 0.2, [0.1, 0.1, 0.12]),
    flat(-halfX, -0.2, 0.5, 0.012, 0.38, 0.14, [0.95, 0.75, 0.2]),
    ...[-1.6, -1.2, -0.8, -0.4, 0].map((x) => flat(x, -halfY, 0.4, 0.1, 0.01, 0.4, [0.9, 0.88, 0.8])),
  ];
}

function obstacle({ shape, rgb, x, y, yaw, halfX, halfY, height }: Obstacle): string {
  const size = shape === 'box' ? `${halfX} ${halfY} ${height / 2}` : `${halfX} ${height / 2}`;
  const degrees = (yaw * 180) / Math.PI;
  return `<geom class="solid" type="${shape}" pos="${x} ${y} ${height / 2}" euler="0 0 ${degrees}" size="${size}" rgba="${rgba(rgb)}"/>`;
}

const rgba = (rgb: Rgb): string => [...rgb, 1].join(' ');
