import { type BridgeOptions, rosBridge } from '../../../sim/ros/bridge.ts';
import { rosGraph } from '../../../sim/ros/graph.ts';
import { rosRobot } from '../../../sim/ros/robot.ts';
import { realClock } from '../../../src/clock.ts';
import { checkRobotConfig, type RobotConfigInput } from '../../../src/drivers/ros/config.ts';
import type { RosVersion } from '../../../src/drivers/ros/version.ts';
import { type Dot, dotWorld } from '../../support/dot.ts';

/** The dot's world as a ROS robot, served over a rosbridge; its clock shows another time than ours. */
export async function simulatedRobot(version: RosVersion, given: Partial<BridgeOptions> = {}) {
  const clock = realClock();
  const graph = rosGraph({ version, now: () => 1.7e12 + clock.now() });
  const bridge = await rosBridge({ graph, port: 0, ...given });
  const odometry = ([x, y]: Dot) => ({ x, y, yaw: 0, v: 0, w: 0 });
  const robot = rosRobot<Dot>({ ...dotWorld, odometry }, { graph, start: [0.25, 0.5], size: 1, clock });
  return {
    graph,
    bridge,
    robot,
    clock,
    url: bridge.url,
    close: async () => {
      robot.close();
      await bridge.close();
    },
  };
}

const axis = { low: '-1 m/s', high: '1 m/s', rate: '20 m/s^2' };

/** A configuration for it. */
export const dotConfig = (given: Partial<RobotConfigInput> = {}) =>
  checkRobotConfig(
    {
      cameras: { camera: { topic: '/camera/image_raw' } },
      odometry: { topic: '/odom' },
      actions: { topic: '/cmd_vel', type: 'geometry_msgs/Twist', axes: { 'linear.x': axis, 'linear.y': axis } },
      safety: { identicalMs: 'never', eStop: { topic: '/e_stop' } },
      ...given,
    },
    { path: 'dot' },
  );

export const dotActions = { type: 'geometry_msgs/Twist', axes: { 'linear.x': axis, 'linear.y': axis } } as const;
