import type { Observable } from 'rxjs';

/** One control vector, `[A]`, in the robot's SI units. */
export type Action = readonly number[];

export type ActionSpec = {
  readonly low: Action;
  readonly high: Action;
  /** The action that is safe to repeat for ever. */
  readonly rest: Action;
  /** Largest change per second and axis. */
  readonly maxRate: Action;
  /** Largest change of that change, per second squared and axis; without bounds unless given. */
  readonly maxAcceleration?: Action;
  /** Values no farther than this from rest are rest; 0 unless given. */
  readonly deadBand?: Action;
  readonly names: readonly string[];
};

/** One picture: RGB bytes, row by row. */
export type Frame = { readonly width: number; readonly height: number; readonly data: Uint8Array };

export type Observation = {
  readonly timeMs: number;
  readonly frames: Readonly<Record<string, Frame>>;
  readonly proprio?: readonly number[];
  /** The action in force when the frame was taken. */
  readonly action: Action;
};

/** What a robot is. Unsubscribing rests it. */
export interface Driver {
  readonly actionSpec: ActionSpec;
  connect(actions$: Observable<Action>): Observable<Observation>;
}
