/** What a recording says of itself. */
export type RecordingHeader = {
  /** A moment of the clock that all times are of, ms, and what the clock on the wall said then, ms since 1970. */
  readonly timeMs: number;
  readonly wallMs: number;
  /** The robot's name, and what the numbers of an action are called. */
  readonly robot: string;
  readonly actionNames: readonly string[];
  /** Whatever else matters: configuration, checkpoint, versions. */
  readonly facts?: Readonly<Record<string, unknown>>;
};

/** Something that happened. The kinds `header`, `frame`, `command` and `end` are the recording's own. */
export type JournalEvent = { readonly kind: string; readonly timeMs: number } & Readonly<Record<string, unknown>>;

export const RECORDING_FORMAT = 'premotor-recording/1';
export const JOURNAL = '/premotor/journal';
export const CAMERA = '/premotor/camera/';
export const OWN_KINDS = ['header', 'frame', 'command', 'end'] as const;
