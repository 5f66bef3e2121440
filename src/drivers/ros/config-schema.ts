import { z } from 'zod';

/** What a person writes of a robot: quantities with units, everything optional that has a good default. */

const quantity = (unit: string, description: string) =>
  z
    .union([z.number(), z.string()])
    .describe(`${description}: text such as "0.5 ${unit}", or a plain number in ${unit}`);
const milliseconds = (description: string) => quantity('ms', description);
const axisQuantity = (description: string) =>
  z.union([z.number(), z.string()]).describe(`${description}: text with a unit, or a plain number in SI`);
const topic = z.string().describe('a topic: absolute, as /cmd_vel, or in the namespace, as cmd_vel');

/** Names become keys, files and topics: letters, digits, `_`, `.`, `-` and `/`. Whole numbers would lose their order. */
const name = z.string().regex(/^[A-Za-z_][\w./-]{0,99}$/, 'must begin with a letter and hold letters, digits, _ . - /');

const axis = z.strictObject({
  high: axisQuantity('largest value'),
  low: axisQuantity('smallest value (default: -high)').optional(),
  rest: axisQuantity('the value that is safe to repeat for ever (default: 0)').optional(),
  rate: axisQuantity('largest change per second'),
  acceleration: axisQuantity('largest change of that change per second (default: without bounds)').optional(),
  deadBand: axisQuantity('values no farther than this from rest are rest (default: 0)').optional(),
  unit: z.enum(['rad', 'm', 'none']).describe('of a joint (default: rad for trajectories, none for arrays)').optional(),
});

const camera = z.strictObject({
  topic,
  compressed: z
    .union([z.boolean(), z.literal('auto')])
    .default('auto')
    .describe('sensor_msgs/CompressedImage or Image'),
  compression: z.enum(['auto', 'cbor', 'cbor-raw', 'none']).default('auto').describe('how rosbridge sends it'),
  crop: z.enum(['fit', 'centre']).default('fit').describe('the whole picture, or the square in its middle'),
  throttleMs: z
    .union([milliseconds('least time between two pictures'), z.literal('auto')])
    .default('auto')
    .describe('least time between two pictures, or auto: as many as can be used'),
  depth: z
    .strictObject({ nearM: quantity('m', 'shown white'), farM: quantity('m', 'shown black') })
    .describe('for depth cameras: the range that becomes grey')
    .optional(),
});

const ros = z.strictObject({
  url: z
    .string()
    .regex(/^wss?:\/\/[^\s/]+/, 'must be a WebSocket address such as ws://127.0.0.1:9090')
    .describe('of rosbridge, as ws://127.0.0.1:9090')
    .optional(),
  version: z.union([z.literal('auto'), z.literal(1), z.literal(2)]).default('auto'),
  namespace: z.string().default('').describe('before every topic that does not begin with /'),
  ca: z.string().min(1).describe('file with the certificate authority for wss').optional(),
  token: z.string().min(1).describe('sent as a bearer token when connecting').optional(),
  auth: z
    .strictObject({
      mac: z.string(),
      client: z.string(),
      dest: z.string(),
      rand: z.string(),
      t: z.number(),
      level: z.string(),
      end: z.number(),
    })
    .describe("rosbridge's auth operation")
    .optional(),
  remap: z.record(z.string(), z.string()).default({}).describe('topics that have another name on this robot: from: to'),
  publish: z.array(topic).default([]).describe('more topics that may be written to'),
});

const actions = z.strictObject({
  topic,
  type: z.enum([
    'geometry_msgs/Twist',
    'geometry_msgs/TwistStamped',
    'trajectory_msgs/JointTrajectory',
    'std_msgs/Float64MultiArray',
  ]),
  frame: z.string().default('base_link').describe('frame_id of stamped commands'),
  everyMs: milliseconds('time between two commands (default: 50)').default(50),
  axes: z.record(name, axis).describe('the numbers of an action, in order'),
});

const safety = z.strictObject({
  commandAgeMs: milliseconds('no action for so long: rest (default: 200)').default(200),
  frameAgeMs: milliseconds('no picture for so long: rest (default: 300)').default(300),
  identicalMs: z
    .union([z.literal('never'), milliseconds('the same bytes for so long: the camera is frozen')])
    .default(500)
    .describe('the same bytes for so long: the camera is frozen (default: 500); never for cameras without noise'),
  linkDoubtMs: milliseconds('no sign of life for so long: nothing more is sent (default: 150)').default(150),
  resumeWithinMs: milliseconds('a link lost for longer needs arming again (default: 10000)').default(10_000),
  eStop: z.strictObject({ topic }).describe('std_msgs/Bool: true is pressed').optional(),
  robotTimeoutMs: milliseconds('when the robot itself stops without commands, if known').optional(),
});

const beliefs = z.strictObject({
  path: topic.describe('topic of the plan, nav_msgs/Path').optional(),
  markers: topic.describe('topic of the candidates, visualization_msgs/MarkerArray').optional(),
  distance: topic.describe('topic of the distance to the goal, std_msgs/Float32').optional(),
  diagnostics: z
    .union([topic, z.literal(false)])
    .default('/diagnostics')
    .describe('topic, or false for none'),
  frame: z.string().default('base_link').describe('frame_id of plan and candidates'),
});

const model = z.strictObject({
  checkpoint: z.string().min(1).describe('folder with the model').optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
    .describe('of model.safetensors')
    .optional(),
  periodMs: milliseconds('control period, when it is not the one the model was trained with').optional(),
});

/** A robot as written in a file. */
export const robotSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: name.default('robot'),
    ros: ros.prefault({}),
    cameras: z.record(name, camera).describe('the first is the one the model sees'),
    joints: z.strictObject({ topic, names: z.array(z.string().min(1)).min(1) }).optional(),
    odometry: z.strictObject({ topic }).optional(),
    clock: z.strictObject({ topic }).describe('simulated time').optional(),
    actions,
    safety: safety.prefault({}),
    beliefs: beliefs.prefault({}),
    model: model.prefault({}),
  })
  .describe('A robot for premotor');

/** What `defineRobot` takes: as in YAML. */
export type RobotConfigInput = z.input<typeof robotSchema>;
export type WrittenRobot = z.output<typeof robotSchema>;

/** The JSON Schema for editors: of what is written, before defaults. */
export function robotJsonSchema(): object {
  return { $id: 'premotor/robot.schema.json', ...z.toJSONSchema(robotSchema, { io: 'input' }) };
}
