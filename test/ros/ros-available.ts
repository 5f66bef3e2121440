import { spawnSync } from 'node:child_process';

const modules = [
  ...['rospy', 'rosmaster', 'rosgraph', 'rosservice', 'rosbag', 'roslib'],
  ...[
    'std_msgs',
    'sensor_msgs',
    'geometry_msgs',
    'nav_msgs',
    'trajectory_msgs',
    'diagnostic_msgs',
    'visualization_msgs',
  ]
    .concat('rosgraph_msgs')
    .map((name) => `${name}.msg`),
  ...['std_srvs.srv', 'tornado.websocket', 'cbor2', 'numpy', 'PIL.Image'],
];

let answer: { ok: true } | { ok: false; reason: string } | undefined;

/** Whether Debian's ROS 1 packages are here: /usr/bin/python3 imports what the rig needs. Asked once a process. */
export function rosAvailable(): { ok: true } | { ok: false; reason: string } {
  answer ??= ask();
  return answer;
}

function ask(): { ok: true } | { ok: false; reason: string } {
  if (process.platform !== 'linux')
    return { ok: false, reason: `ROS 1 comes with Debian, and this is ${process.platform}` };
  const { error, status, stderr } = spawnSync('/usr/bin/python3', ['-c', `import ${modules.join(', ')}`], {
    encoding: 'utf8',
  });
  if (error) return { ok: false, reason: error.message };
  if (status === 0) return { ok: true };
  return { ok: false, reason: `${stderr.trim().split('\n').at(-1)}; .ci/run lists the Debian packages` };
}
