import jpeg from 'jpeg-js';
import { rosBridge } from '../../sim/ros/bridge.ts';
import { rosGraph } from '../../sim/ros/graph.ts';
import { realClock } from '../../src/clock.ts';

// A camera behind the simulator's bridge, in a process of its own, for machines without ROS: raw and JPEG pictures at a fixed
// rate, no two in a row the same. WIDTH HEIGHT HZ. Tells its address, and how many pictures it has shown when asked.

const [width, height, hz] = process.argv.slice(2).map(Number) as [number, number, number];
const periodMs = 1000 / hz;
const VARIANTS = 7;

const clock = realClock();
const epochMs = Date.now() - clock.now();
const graph = rosGraph({ version: 1, now: () => epochMs + clock.now(), faults: true });
const bridge = await rosBridge({ graph, port: 0, faults: true });
const raw = graph.advertise('/robot', '/cam/image_raw', 'sensor_msgs/Image');
const packed = graph.advertise('/robot', '/cam/image_raw/compressed', 'sensor_msgs/CompressedImage');
graph.subscribe('/robot', '/cmd_vel', ['geometry_msgs/Twist'], () => {});

const variants = Array.from({ length: VARIANTS }, (_, n) => {
  const rgba = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++)
    rgba.set([(200 * (i % width)) / width, (200 * i) / (width * height), 25 * n, 255], 4 * i);
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) data.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return { data, jpeg: new Uint8Array(jpeg.encode({ width, height, data: rgba }, 85).data) };
});

let shown = 0;
const beganMs = clock.now();
clock.schedule(function () {
  const { data, jpeg } = variants[shown++ % VARIANTS]!;
  const header = { stamp: graph.now(), frame_id: 'cam' };
  if (graph.subscribers('/cam/image_raw').length > 0)
    raw.publish({ header, width, height, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data });
  if (graph.subscribers('/cam/image_raw/compressed').length > 0) packed.publish({ header, format: 'jpeg', data: jpeg });
  const nowMs = clock.now();
  const nextMs = beganMs + (Math.round((nowMs - beganMs) / periodMs) + 1) * periodMs; // timers may be early
  this.schedule(undefined, nextMs - nowMs);
});

process.on('message', () => process.send!({ shown }));
process.on('disconnect', () => process.exit());
process.send!({ url: bridge.url });
