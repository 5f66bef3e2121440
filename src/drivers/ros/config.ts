import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BadConfig, PremotorError } from '../../errors.ts';
import type { ActionSpec } from '../driver.ts';
import { unitReader } from '../units.ts';
import { checkStructure, refuseStrangeKeys } from './config-errors.ts';
import { resolveRobot } from './config-resolve.ts';
import type { RobotConfigInput } from './config-schema.ts';

export type { RobotConfigInput } from './config-schema.ts';

export type AxisConfig = {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly rest: number;
  readonly rate: number;
  readonly acceleration: number;
  readonly deadBand: number;
};

export type CameraConfig = {
  readonly topic: string;
  readonly compressed: boolean | 'auto';
  readonly compression: 'auto' | 'cbor' | 'cbor-raw' | 'none';
  readonly crop: 'fit' | 'centre';
  readonly throttleMs: number | 'auto';
  readonly depth?: { readonly nearM: number; readonly farM: number };
};

export type CommandType =
  | 'geometry_msgs/Twist'
  | 'geometry_msgs/TwistStamped'
  | 'trajectory_msgs/JointTrajectory'
  | 'std_msgs/Float64MultiArray';

/** A robot: everything in SI and milliseconds, defaults filled, topics absolute and remapped, deeply frozen. */
export type RobotConfig = {
  readonly name: string;
  readonly ros: {
    readonly url?: string;
    readonly version: 'auto' | 1 | 2;
    readonly namespace: string;
    readonly ca?: string;
    readonly token?: string;
    readonly auth?: {
      readonly mac: string;
      readonly client: string;
      readonly dest: string;
      readonly rand: string;
      readonly t: number;
      readonly level: string;
      readonly end: number;
    };
    readonly remap: Readonly<Record<string, string>>;
    /** Topics that may be written to, besides those of actions and beliefs. */
    readonly publish: readonly string[];
  };
  /** The first is the one the model sees. */
  readonly cameras: Readonly<Record<string, CameraConfig>>;
  readonly joints?: { readonly topic: string; readonly names: readonly string[] };
  readonly odometry?: { readonly topic: string };
  readonly clock?: { readonly topic: string };
  readonly actions: {
    readonly topic: string;
    readonly type: CommandType;
    readonly frame: string;
    readonly everyMs: number;
    readonly axes: readonly AxisConfig[];
  };
  readonly safety: {
    readonly commandAgeMs: number;
    readonly frameAgeMs: number;
    /** `Infinity`: a camera may show the same picture for ever. */
    readonly identicalMs: number;
    readonly linkDoubtMs: number;
    readonly resumeWithinMs: number;
    readonly eStop?: { readonly topic: string };
    readonly robotTimeoutMs?: number;
  };
  readonly beliefs: {
    readonly path?: string;
    readonly markers?: string;
    readonly distance?: string;
    readonly diagnostics: string | false;
    readonly frame: string;
  };
  readonly model: { readonly checkpoint?: string; readonly sha256?: string; readonly periodMs?: number };
};

/** Larger texts are no robots. */
const MAX_TEXT = 1 << 20;

/** Types the configuration in a TypeScript file: `export default defineRobot({ ... })`. */
export const defineRobot = (config: RobotConfigInput): RobotConfigInput => config;

/** A robot from YAML or JSON text; `path` names it in errors. Throws `BadConfig`. */
export async function readRobotConfig(text: string, { path }: { readonly path: string }): Promise<RobotConfig> {
  if (text.length > MAX_TEXT) throw new BadConfig(`${path} must be at most ${MAX_TEXT} characters, got ${text.length}`);
  return checkRobotConfig(/\.json$/i.test(path) ? parseJson(text, path) : await parseYaml(text, path), { path });
}

/** A robot from a value such as `defineRobot` gives. Throws `BadConfig`. */
export async function checkRobotConfig(value: unknown, { path }: { readonly path: string }): Promise<RobotConfig> {
  try {
    refuseStrangeKeys(value);
    return resolveRobot(checkStructure(value), await unitReader());
  } catch (error) {
    if (!(error instanceof PremotorError)) throw error;
    throw new BadConfig(`${path}: ${error.message}`, { cause: error, ...(error.hint ? { hint: error.hint } : {}) });
  }
}

/** A robot from a .yaml, .yml, .json, .ts, .mts, .js or .mjs file. Throws `BadConfig`. */
export async function loadRobotConfig(path: string): Promise<RobotConfig> {
  const extension = extname(path).toLowerCase();
  if (['.yaml', '.yml', '.json'].includes(extension)) return readRobotConfig(readText(path), { path });
  if (['.ts', '.mts', '.js', '.mjs'].includes(extension)) {
    readText(path); // missing is another thing than broken
    return checkRobotConfig(await importDefault(path), { path });
  }
  throw new BadConfig(`${path} must be a .yaml, .yml, .json, .ts, .mts, .js or .mjs file`, {
    hint: 'see examples/diff-drive.yaml',
  });
}

/** The limits of a robot's actions. */
export function toActionSpec({ actions: { axes } }: RobotConfig): ActionSpec {
  const each = <K extends keyof AxisConfig>(key: K) => axes.map((axis) => axis[key]);
  return {
    low: each('low'),
    high: each('high'),
    rest: each('rest'),
    maxRate: each('rate'),
    maxAcceleration: each('acceleration'),
    deadBand: each('deadBand'),
    names: each('name'),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BadConfig(`cannot read the robot's configuration at ${path}: ${firstLine(cause)}`, {
      cause,
      hint: 'write one after examples/diff-drive.yaml',
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadConfig(`${path} is not JSON: ${firstLine(cause)}`, { cause });
  }
}

async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, { logLevel: 'error', stringKeys: true });
    const trouble = document.errors[0] ?? document.warnings[0];
    if (trouble) throw trouble;
    return document.toJS({ maxAliasCount: 50 });
  } catch (cause) {
    throw new BadConfig(`${path} is not YAML that can be read: ${firstLine(cause)}`, { cause });
  }
}

async function importDefault(path: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new BadConfig(`${path} cannot be loaded: this Node (${process.versions.node}) reads no TypeScript`, {
        cause,
        hint: 'use Node 22.18 or newer, run premotor through tsx, or write YAML',
      });
    }
    throw new BadConfig(`${path} cannot be loaded: ${firstLine(cause)}`, { cause });
  }
  if (module.default === undefined) {
    throw new BadConfig(`${path} must export the robot as default`, { hint: 'export default defineRobot({ ... })' });
  }
  return module.default;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.replace(/:$/, '').slice(0, 300);
