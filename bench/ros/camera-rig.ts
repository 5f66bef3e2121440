import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sibling } from '../../src/spawn.ts';
import { startRig } from '../../test/ros/rig.ts';

/** A camera behind a bridge, in other processes than this one; its stamps are this machine's wall clock. */
export interface CameraRig {
  readonly name: 'rospy' | 'the simulator';
  readonly url: string;
  /** Pictures shown so far. */
  shown(): Promise<number>;
  stop(): Promise<void>;
}

export type CameraSize = { readonly width: number; readonly height: number; readonly hz: number };

/** A rospy camera, a ROS master, and a bridge with the faults of the real one. */
export async function rospyCamera(size: CameraSize): Promise<CameraRig> {
  const rig = await startRig({ ...size, faults: true });
  const shown = async () => (await rig.peek()).robot.frames;
  return { name: 'rospy', url: rig.url, shown, stop: () => rig.stop() };
}

/** The simulator's own server; no ROS is needed. */
export async function simulatedCamera({ width, height, hz }: CameraSize): Promise<CameraRig> {
  const { url, execArgv } = sibling(import.meta.url, 'camera-server');
  const child = fork(url, [width, height, hz].map(String), { execArgv });
  const [news] = (await once(child, 'message')) as [{ readonly url: string }];
  return {
    name: 'the simulator',
    url: news.url,
    async shown() {
      child.send('shown?');
      const [{ shown }] = (await once(child, 'message')) as [{ readonly shown: number }];
      return shown;
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
