import { type HeaderOptions, header, writeStamp } from '../stamp.ts';
import type { RosVersion } from '../version.ts';

/** Where the robot might be, m and rad, in the header's frame. */
export type Pose = { readonly x: number; readonly y: number; readonly yaw?: number };
export type Line = readonly Pose[];
type Colour = { readonly r: number; readonly g: number; readonly b: number; readonly a: number };

/** A plan as a `nav_msgs/Path`. Points that are not finite are left out: one would make the whole message vanish. */
export function path(points: Line, options: HeaderOptions) {
  const head = header(options);
  return { header: head, poses: points.filter(isFinitePose).map((point) => ({ header: head, pose: poseOf(point) })) };
}

export type Beliefs = { readonly candidates: readonly Line[]; readonly elites: readonly Line[]; readonly best?: Line };
export type MarkerOptions = HeaderOptions & {
  /** Every how many-th candidate, and point of a line but the best, is drawn; 5 and 3 unless given, as Nav2 does. */
  readonly everyLine?: number;
  readonly everyPoint?: number;
  /** After this long without another they vanish; 1,000 unless given. */
  readonly lifetimeMs?: number;
};

/** Imagined futures as a `visualization_msgs/MarkerArray` of lines: candidates grey, elites green, the best thick. */
export function markers(
  { candidates, elites, best }: Beliefs,
  { everyLine = 5, everyPoint = 3, lifetimeMs = 1000, ...options }: MarkerOptions,
) {
  const head = header(options);
  const lifetime = writeStamp(lifetimeMs, options.version);
  const draw = (ns: string, color: Colour, width: number, every: number) => (line: Line, id: number) => ({
    header: head,
    ns,
    id,
    type: LINE_STRIP,
    action: ADD,
    pose: poseOf({ x: 0, y: 0 }),
    scale: { x: width, y: 0, z: 0 },
    color,
    lifetime,
    frame_locked: false,
    points: thinned(line.filter(isFinitePose), every).map(({ x, y }) => ({ x, y, z: 0 })),
    colors: [],
    text: '',
    mesh_resource: '',
    mesh_use_embedded_materials: false,
  });
  const drawn = [
    ...candidates.filter((_, i) => i % everyLine === 0).map(draw('candidates', GREY, 0.005, everyPoint)),
    ...elites.map(draw('elites', GREEN, 0.01, everyPoint)),
    ...(best === undefined ? [] : [best]).map(draw('best', ORANGE, 0.04, 1)),
  ];
  return { markers: drawn.filter(({ points }) => points.length > 1) };
}

/** A cost, surprise or age as a `std_msgs/Float32`; `undefined` when a float32 cannot be it: the server would drop it. */
export const float32 = (value: number): { readonly data: number } | undefined =>
  Number.isFinite(Math.fround(value)) ? { data: value } : undefined;

/** What is said of the e-stop, as a `std_msgs/Bool`. */
export const eStopBool = (stopped: boolean): { readonly data: boolean } => ({ data: stopped });

const levels = { ok: 0, warn: 1, error: 2, stale: 3 } as const;

export type Diagnosis = {
  readonly name: string;
  readonly level: keyof typeof levels;
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
};

/** How we are, as a `diagnostic_msgs/DiagnosticArray` (REP 107), stamped with ROS time. */
export function diagnostics(all: readonly Diagnosis[], rosTimeMs: number, version: RosVersion) {
  const status = all.map(({ name, level, message, values }) => ({
    level: levels[level],
    name,
    message,
    hardware_id: '',
    values: Object.entries(values).map(([key, value]) => ({ key, value })),
  }));
  return { header: header({ timeMs: rosTimeMs, frameId: '', version }), status };
}

const LINE_STRIP = 4;
const ADD = 0;
const GREY: Colour = { r: 0.6, g: 0.6, b: 0.6, a: 0.4 };
const GREEN: Colour = { r: 0.1, g: 0.8, b: 0.2, a: 0.8 };
const ORANGE: Colour = { r: 1, g: 0.5, b: 0, a: 1 };

const isFinitePose = ({ x, y, yaw = 0 }: Pose) => Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(yaw);

const poseOf = ({ x, y, yaw = 0 }: Pose) => ({
  position: { x, y, z: 0 },
  orientation: { x: 0, y: 0, z: Math.sin(yaw / 2), w: Math.cos(yaw / 2) },
});

/** Every so many-th point, and the last. */
const thinned = (line: Line, every: number) => line.filter((_, i) => i % every === 0 || i === line.length - 1);
