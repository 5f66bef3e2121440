import type { Frame } from '../../drivers/driver.ts';
import { decodePoses, type Stage } from '../stage.ts';
import {
  type Channel,
  decodeFrame,
  type LogEvent,
  type Paths,
  type ServerMessage,
  type Snapshot,
} from '../telemetry.ts';

export type Link = 'connecting' | 'open' | 'lost';

/** What the charts keep of a snapshot. */
export type Sample = Pick<Snapshot, 'timeMs' | 'distance' | 'expected' | 'surprise' | 'planMs' | 'goalIndex'>;

export type State = {
  readonly link: Link;
  /** An e-stop was asked for while the link was lost; it goes out first when the link is back. */
  readonly stopWaits: boolean;
  /** Whether this page may do anything, or only looks on. */
  readonly acts: boolean;
  readonly snapshot?: Snapshot;
  readonly paths?: Paths;
  readonly samples: readonly Sample[];
  readonly events: readonly LogEvent[];
  readonly frames: Readonly<Partial<Record<Channel, Frame>>>;
  /** Of a simulated world: what there is, and where its parts are and were before. */
  readonly stage?: Stage;
  readonly poses?: Float32Array;
};

export const windowMs = 30_000;
const keptEvents = 100;

export const blank: State = { link: 'connecting', stopWaits: false, acts: true, samples: [], events: [], frames: {} };

/** The state after one message from the server. */
export function hear(state: State, data: string | ArrayBuffer): State {
  if (typeof data !== 'string') {
    const poses = decodePoses(new Uint8Array(data));
    if (poses !== undefined) return { ...state, poses };
    const picture = decodeFrame(new Uint8Array(data));
    return picture === undefined ? state : { ...state, frames: { ...state.frames, [picture.channel]: picture.frame } };
  }
  const message = JSON.parse(data) as ServerMessage;
  if (message.kind === 'stage') return { ...state, stage: message.stage };
  if (message.kind === 'role') return { ...state, acts: message.role === 'act' };
  if (message.kind === 'history') return { ...state, events: message.events };
  return note(state, message.snapshot);
}

function note(state: State, snapshot: Snapshot): State {
  const { timeMs, distance, expected, surprise, planMs, goalIndex } = snapshot;
  const again = timeMs < (state.snapshot?.timeMs ?? 0); // another run has begun
  const samples = again ? [] : state.samples.filter((sample) => sample.timeMs > timeMs - windowMs);
  const said = (snapshot.log?.split('\n') ?? []).map((text) => ({ timeMs, text }));
  const newGoal = goalIndex !== state.snapshot?.goalIndex;
  const paths = snapshot.paths ?? (again || newGoal ? undefined : state.paths);
  const { paths: _, ...rest } = state;
  return {
    ...rest,
    snapshot,
    ...(paths && { paths }),
    samples: [...samples, { timeMs, distance, expected, surprise, planMs, goalIndex }],
    events: said.length === 0 ? state.events : [...state.events, ...said].slice(-keptEvents),
  };
}
