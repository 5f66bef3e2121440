// premotor/ros: a robot behind a ROS bridge, for programs of your own.
export { type Drive, type DriveOptions, drive } from './agent/drive.ts';
export { type Replayed, type RunFacts, replay } from './agent/replay.ts';
export { type CommandLink, commandLink, type LinkState } from './drivers/ros/command-link.ts';
export {
  type AxisConfig,
  type CameraConfig,
  checkRobotConfig,
  defineRobot,
  loadRobotConfig,
  type RobotConfig,
  type RobotConfigInput,
  readRobotConfig,
  toActionSpec,
} from './drivers/ros/config.ts';
export { type Discovery, discover, type FoundTopic } from './drivers/ros/discover.ts';
export { type DrivenRobot, type FoundRobot, findRobot, type OpenRobotOptions } from './drivers/ros/open-robot.ts';
export {
  type OpenSocket,
  type Socket,
  type SocketEvents,
  type WebSocketOptions,
  webSocket,
} from './drivers/ros/socket.ts';
