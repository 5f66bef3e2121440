import { afterEach, describe, it } from 'vitest';
import { runningRigs } from './rig.ts';
import { rosAvailable } from './ros-available.ts';

/**
 * A suite with a real ROS 1 graph. Where ROS is missing it fails in CI, and is skipped elsewhere with the reason printed.
 * When a test fails, the logs of the rigs are shown, and kept.
 */
export function describeRos(name: string, suite: () => void): void {
  const ros = rosAvailable();
  if (ros.ok) {
    describe(name, () => {
      afterEach(({ task }) => {
        if (task.result?.state !== 'fail') return;
        for (const rig of runningRigs) {
          rig.keepLogs();
          console.error(rig.logs());
        }
      });
      suite();
    });
  } else if (process.env.CI) {
    describe(name, () => {
      it('has ROS', () => {
        throw new Error(ros.reason);
      });
    });
  } else {
    console.warn(`skipped: ${name} (${ros.reason})`);
    describe.skip(name, suite);
  }
}
