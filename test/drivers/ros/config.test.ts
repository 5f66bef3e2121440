import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  checkRobotConfig,
  defineRobot,
  loadRobotConfig,
  type RobotConfigInput,
  readRobotConfig,
  toActionSpec,
} from '../../../src/drivers/ros/config.ts';
import { robotJsonSchema } from '../../../src/drivers/ros/config-schema.ts';
import { BadConfig } from '../../../src/errors.ts';
import { checkSpec } from '../../../src/safety/limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const least: RobotConfigInput = {
  cameras: { front: { topic: '/camera/image_raw' } },
  actions: {
    topic: '/cmd_vel',
    type: 'geometry_msgs/Twist',
    axes: { 'linear.x': { high: '0.5 m/s', rate: '1 m/s^2' } },
  },
};

const check = (value: unknown) => checkRobotConfig(value, { path: 'robot.yaml' });
const read = (text: string) => readRobotConfig(text, { path: 'robot.yaml' });

describe('a robot configuration', () => {
  it('fills the defaults, in SI', async () => {
    expect(await check(least)).toEqual({
      name: 'robot',
      ros: { version: 'auto', namespace: '', remap: {}, publish: [] },
      cameras: {
        front: {
          topic: '/camera/image_raw',
          compressed: 'auto',
          compression: 'auto',
          crop: 'fit',
          throttleMs: 'auto',
        },
      },
      actions: {
        topic: '/cmd_vel',
        type: 'geometry_msgs/Twist',
        frame: 'base_link',
        everyMs: 50,
        axes: [
          {
            name: 'linear.x',
            low: -0.5,
            high: 0.5,
            rest: 0,
            rate: 1,
            acceleration: Number.POSITIVE_INFINITY,
            deadBand: 0,
          },
        ],
      },
      safety: { commandAgeMs: 200, frameAgeMs: 300, identicalMs: 500, linkDoubtMs: 150, resumeWithinMs: 10_000 },
      beliefs: { diagnostics: '/diagnostics', frame: 'base_link' },
      model: {},
    });
  });

  it('is frozen all the way down', async () => {
    const config = await check(least);
    const each = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      Object.values(value).forEach(each);
    };
    each(config);
    expect(Object.isFrozen(least.actions)).toBe(false);
  });

  it('reads everything that can be written, units included', async () => {
    const config = await read(`
      name: arm
      ros:
        url: wss://robot:9090
        version: 2
        namespace: left/
        ca: ca.pem
        token: secret
        auth: { mac: a, client: b, dest: c, rand: d, t: 1, level: e, end: 2 }
        remap: { wrist/image: /cams/wrist, /left/trajectory: /mux/trajectory }
        publish: [ gripper, /lights ]
      cameras:
        wrist: { topic: wrist/image, compressed: true, compression: cbor, crop: centre, throttleMs: 0.04 s }
        depth: { topic: /depth, compressed: false, depth: { nearM: 20 cm, farM: 3 } }
      joints: { topic: joint_states, names: [ shoulder, elbow ] }
      odometry: { topic: odom }
      clock: { topic: /clock }
      actions:
        topic: trajectory
        type: trajectory_msgs/JointTrajectory
        frame: world
        everyMs: 20 ms
        axes:
          shoulder: { low: -90 deg, high: 45 deg, rest: 10 deg, rate: 30 deg/s, acceleration: 5 rad/s^2, deadBand: 1 deg }
          lift: { high: 30 cm, rate: 1 cm/s, unit: m }
          grip: { low: 0, high: 1, rate: 2 Hz, unit: none }
      safety:
        commandAgeMs: 0.1 s
        frameAgeMs: 500
        identicalMs: never
        linkDoubtMs: 200 ms
        resumeWithinMs: 1 min
        eStop: { topic: stop }
        robotTimeoutMs: 0.5 s
      beliefs: { path: plan, markers: candidates, distance: /distance, diagnostics: false, frame: map }
      model: { checkpoint: runs/arm/checkpoint, sha256: ${'a'.repeat(64)}, periodMs: 100 ms }
    `);
    expect(config).toMatchObject({
      ros: {
        namespace: '/left',
        remap: { '/left/wrist/image': '/cams/wrist', '/left/trajectory': '/mux/trajectory' },
        publish: ['/left/gripper', '/lights'],
      },
      cameras: {
        wrist: { topic: '/cams/wrist', compressed: true, compression: 'cbor', crop: 'centre', throttleMs: 40 },
        depth: { topic: '/depth', depth: { nearM: 0.2, farM: 3 } },
      },
      joints: { topic: '/left/joint_states', names: ['shoulder', 'elbow'] },
      odometry: { topic: '/left/odom' },
      clock: { topic: '/clock' },
      actions: { topic: '/mux/trajectory', frame: 'world', everyMs: 20 },
      safety: {
        commandAgeMs: 100,
        frameAgeMs: 500,
        identicalMs: Number.POSITIVE_INFINITY,
        linkDoubtMs: 200,
        resumeWithinMs: 60_000,
        eStop: { topic: '/left/stop' },
        robotTimeoutMs: 500,
      },
      beliefs: {
        path: '/left/plan',
        markers: '/left/candidates',
        distance: '/distance',
        diagnostics: false,
        frame: 'map',
      },
      model: { checkpoint: 'runs/arm/checkpoint', periodMs: 100 },
    });
    const { low, high, rest, maxRate, maxAcceleration, deadBand, names } = toActionSpec(config);
    expect(names).toEqual(['shoulder', 'lift', 'grip']);
    const near = (values: readonly number[] | undefined, expected: readonly number[]) =>
      expected.forEach((value, axis) => {
        expect(values?.[axis]).toBeCloseTo(value, 12);
      });
    near(low, [-Math.PI / 2, -0.3, 0]);
    near(high, [Math.PI / 4, 0.3, 1]);
    near(rest, [Math.PI / 18, 0, 0]);
    near(maxRate, [Math.PI / 6, 0.01, 2]);
    expect(maxAcceleration).toEqual([5, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    near(deadBand, [Math.PI / 180, 0, 0]);
  });

  it('gives a spec that the guard takes', async () => {
    const spec = toActionSpec(await check(least));
    expect(spec).toMatchObject({ low: [-0.5], high: [0.5], rest: [0], maxRate: [1], names: ['linear.x'] });
    expect(() => checkSpec(spec)).not.toThrow();
  });
});

describe('what is refused', () => {
  const change = (at: string, value: unknown): unknown => {
    const copy = structuredClone(least) as Record<string, unknown>;
    const keys = at.split('/');
    let inner = copy;
    for (const key of keys.slice(0, -1)) {
      inner[key] ??= {};
      inner = inner[key] as Record<string, unknown>;
    }
    if (value === undefined) delete inner[keys.at(-1)!];
    else inner[keys.at(-1)!] = value;
    return copy;
  };

  it.each([
    ['safety/comandAgeMs', 200, "unknown key 'comandAgeMs' in safety", "did you mean 'commandAgeMs'?"],
    ['camera', {}, "unknown key 'camera' in the robot", "did you mean 'cameras'?"],
    ['actions/axes/linear.x/hihg', 1, "unknown key 'hihg' in actions.axes.linear.x", "did you mean 'high'?"],
    ['actions/axes/linear.x/high', undefined, 'actions.axes.linear.x.high is missing', 'a robot needs limits'],
    ['actions/axes/linear.x/rate', undefined, 'actions.axes.linear.x.rate is missing', 'a robot needs limits'],
    ['actions/axes/linear.x/rate', '1 m/s', 'rate must be a quantity in m/s^2, got "1 m/s"', '0.5 m/s^2'],
    ['actions/axes/linear.x/high', '1 rad/s', 'high must be a quantity in m/s, got "1 rad/s"', '0.5 m/s'],
    ['actions/axes/linear.x/high', true, 'high must be a number or text, got true', ''],
    ['actions/axes/linear.x/high', -1, 'linear.x.high must be above low (1), got -1', ''],
    ['actions/axes/linear.x/rest', 0.6, 'linear.x.rest must be from -0.5 to 0.5, got 0.6', ''],
    ['actions/axes/linear.x/rate', 0, 'linear.x.rate must be above 0, got 0', ''],
    ['actions/axes/linear.x/rate', Number.POSITIVE_INFINITY, 'rate must be a number', ''],
    ['actions/axes/linear.x/deadBand', 2, 'deadBand must be from 0 to below 1, got 2', ''],
    ['actions/axes/linear.x/unit', 'm', 'linear.x.unit must be left out', ''],
    ['actions/axes/linearx', { high: 1, rate: 1 }, "no axis 'linearx'", "did you mean 'linear.x'?"],
    ['actions/axes/1', { high: 1, rate: 1 }, 'the name "1" in actions.axes must begin with a letter', ''],
    ['actions/axes', {}, 'actions.axes must name 1 to 64 axes, got 0', ''],
    ['actions/axes', undefined, 'actions.axes is missing', 'examples/diff-drive.yaml'],
    ['actions/type', 'geometry_msgs/Twst', 'actions.type must be one of', "did you mean 'geometry_msgs/Twist'?"],
    ['actions/topic', '/cmd vel', 'actions.topic must be the name of a ROS topic, got "/cmd vel"', ''],
    ['actions/topic', '/cmd//vel', 'actions.topic must be the name of a ROS topic', ''],
    ['actions/topic', '', 'actions.topic must be the name of a ROS topic', ''],
    ['actions/topic', 'close', 'actions.topic must not be called close', 'reserved'],
    ['actions/topic', '/connection', 'actions.topic must not be called /connection', 'reserved'],
    ['cameras/front/topic', 'error', 'cameras.front.topic must not be called error', 'reserved'],
    ['ros/remap', { a: 'error' }, 'ros.remap.a must not be called error', 'reserved'],
    ['ros/namespace', 'a b', 'ros.namespace must be letters', ''],
    ['ros/url', 'http://robot', 'ros.url must be a WebSocket address', ''],
    ['ros/version', 3, 'ros.version must be auto or 1 or 2, got 3', ''],
    ['ros/publish', 'x', 'ros.publish must be a list, got "x"', ''],
    ['cameras', {}, 'cameras must name at least one camera', ''],
    [
      'cameras',
      { goal: { topic: '/a' } },
      'cameras must have other names than imagined and goal, got goal',
      'recordings',
    ],
    ['cameras', undefined, 'cameras is missing', ''],
    ['cameras/front/depth', { nearM: 3, farM: 1 }, 'cameras.front.depth must have 0 <= nearM < farM', ''],
    ['actions/everyMs', 200, 'actions.everyMs must be at most 100 ms, got 200 ms', 'jerks'],
    ['safety/commandAgeMs', '1.5 s', 'safety.commandAgeMs must be at most 1000 ms, got 1500 ms', 'must stop'],
    ['safety/commandAgeMs', 20, 'safety.commandAgeMs must be at least 50 ms, got 20 ms', ''],
    ['safety/frameAgeMs', 2500, 'safety.frameAgeMs must be at most 2000 ms, got 2500 ms', 'blind'],
    ['safety/identicalMs', 'nevr', 'safety.identicalMs must be a quantity in ms, got "nevr"', ''],
    ['safety/robotTimeoutMs', 50, 'safety.robotTimeoutMs must be at least 51 ms', 'between two commands'],
    ['joints', { topic: '/j', names: ['a', 'a'] }, 'joints.names must not name a joint twice', ''],
    ['model/sha256', 'abc', 'model.sha256 must be 64 hexadecimal digits, got "abc"', ''],
    ['name', '../../etc', 'name must begin with a letter', ''],
    ['actions', [], 'actions must be a map of keys, got a list', ''],
    ['model/periodMs', new Date(0), 'model.periodMs must be a plain value, got a Date', ''],
  ])('%s: %j', async (at, value, message, hint) => {
    const error = await failure(check(change(at, value)));
    expect(error).toBeInstanceOf(BadConfig);
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^robot\.yaml: /);
    expect((error as BadConfig).hint ?? '').toContain(hint);
  });

  it.each([
    ['null', 'the robot must be a map of keys, got null'],
    ['', 'the robot must be a map of keys'],
    ['[1, 2]', 'got a list'],
    ['just text', 'got "just text"'],
    ['a: [', 'is not YAML'],
    ['a: 1\na: 2', 'is not YAML'],
    ['a: !!js/function "x"', 'is not YAML'],
    ['--- 1\n--- 2', 'is not YAML'],
    ['? {a: 1}\n: 2', 'is not YAML'],
    ['__proto__: { polluted: true }', "must not have a key '__proto__'"],
    ['actions: { constructor: { prototype: { polluted: true } } }', "actions must not have a key 'constructor'"],
    ['cameras: { __proto__: { topic: /x } }', "cameras must not have a key '__proto__'"],
    ['ros: { remap: { __proto__: /x } }', "ros.remap must not have a key '__proto__'"],
    [`${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`, 'robot.yaml'],
    [`a: ${'[ '.repeat(60)}1${']'.repeat(60)}`, 'nested too deeply'],
    ['x'.repeat(2 << 20), 'must be at most'],
    [bomb(), 'is not YAML that can be read: Excessive alias count'],
  ])('text %#', async (text, message) => {
    const error = await failure(read(text));
    expect(error).toBeInstanceOf(BadConfig);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('hostile JSON too', async () => {
    const error = await failure(readRobotConfig('{"__proto__": {"polluted": true}}', { path: 'a.json' }));
    expect(error.message).toBe("a.json: the robot must not have a key '__proto__'");
    expect((await failure(readRobotConfig('{', { path: 'a.json' }))).message).toContain('a.json is not JSON');
  });

  it('gives a robot or BadConfig of one line, whatever is put where', async () => {
    const paths = [
      'name',
      'ros',
      'ros/remap',
      'cameras',
      'cameras/front/topic',
      'cameras/front/depth',
      'joints',
      'actions',
    ]
      .concat(['actions/axes', 'actions/axes/linear.x', 'actions/axes/linear.x/high', 'actions/type', 'safety'])
      .concat([
        'safety/eStop',
        'safety/identicalMs',
        'beliefs',
        'beliefs/diagnostics',
        'model',
        'ros/auth',
        '__proto__',
      ]);
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'topic', '0'),
    );
    const value = fc.oneof(
      fc.anything({ key, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, maxDepth: 3 }),
      fc.constantFrom('0.5 m/s', '1 m/s^2', 'never', '/x', -1, 0, 1e308, Number.NaN),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, async (at, bad) => {
        const result = await check(change(at, bad)).catch((error: unknown) => error);
        if (result instanceof Error) {
          expect(result).toBeInstanceOf(BadConfig);
          expect(result.message.length).toBeLessThan(600);
        } else {
          expect(() => checkSpec(toActionSpec(result as Parameters<typeof toActionSpec>[0]))).not.toThrow();
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives a robot or BadConfig, whatever the text', async () => {
    const token = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      '!!',
      '"',
      "'",
      '? ',
      '|',
      '%',
      '<<: ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(token).map((all) => all.join('')),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('x.yaml', 'x.json'), async (hostile, path) => {
        const error = await failure(readRobotConfig(hostile, { path }));
        expect(error).toBeInstanceOf(BadConfig);
      }),
      { numRuns: 500 },
    );
  });
});

describe('files', () => {
  it('the examples are robots', async () => {
    const twoRoom = await loadRobotConfig('examples/two-room.yaml');
    expect(twoRoom).toMatchObject({
      ros: { url: 'ws://127.0.0.1:9090' },
      safety: { identicalMs: Number.POSITIVE_INFINITY },
      model: { checkpoint: 'checkpoints/two-room' },
    });
    expect(toActionSpec(twoRoom)).toMatchObject({ low: [-1, -1], high: [1, 1], maxRate: [20, 20] });
    const base = await loadRobotConfig('examples/diff-drive.yaml');
    expect(toActionSpec(base)).toMatchObject({ low: [-0.5, -2], high: [0.5, 2], maxRate: [1, 4] });
    expect(base).toMatchObject({ odometry: { topic: '/odom' }, safety: { eStop: { topic: '/e_stop' } } });
  });

  it('may be TypeScript or JavaScript', async () => {
    for (const name of ['robot.ts', 'robot.mjs']) {
      const path = join(folder, name);
      writeFileSync(path, `export default ${JSON.stringify(least)};\n`);
      expect((await loadRobotConfig(path)).actions.topic).toBe('/cmd_vel');
    }
    expect(defineRobot(least)).toBe(least);
  });

  it.each([
    ['missing.yaml', undefined, 'cannot read the robot'],
    ['missing.ts', undefined, 'cannot read the robot'],
    ['robot.toml', '', 'must be a .yaml'],
    ['nothing.mjs', 'export const a = 1;', 'must export the robot as default'],
    ['throws.mjs', 'throw new Error("first\\nsecond");', 'cannot be loaded: first'],
    ['broken.mjs', 'export default {', 'cannot be loaded'],
  ])('%s is refused', async (name, text, message) => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text);
    const error = await failure(loadRobotConfig(path));
    expect(error).toBeInstanceOf(BadConfig);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  });

  it('the schema for editors is up to date (npx tsx scripts/robot-schema.ts)', () => {
    const written = JSON.parse(readFileSync('docs/robot.schema.json', 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(robotJsonSchema())));
    expect(written.properties.actions.required).toEqual(['topic', 'type', 'axes']);
  });
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error) return error;
  throw new Error(`nothing was thrown, got ${String(error)}`);
}

/** Aliases of aliases: gigabytes, were they followed. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
