/** A message that reached the robot, with the moment it came: `CLOCK_MONOTONIC` ms and Unix ms. */
export type Arrival<M> = { readonly monotonicMs: number; readonly wallMs: number; readonly message: M };

export type Vector3 = { readonly x: number; readonly y: number; readonly z: number };
export type Twist = { readonly linear: Vector3; readonly angular: Vector3 };
export type Header = {
  readonly seq: number;
  readonly stamp: { readonly secs: number; readonly nsecs: number };
  readonly frame_id: string;
};
export type TwistStamped = { readonly header: Header; readonly twist: Twist };
export type JointTrajectory = {
  readonly header: Header;
  readonly joint_names: readonly string[];
  readonly points: readonly {
    readonly positions: readonly number[];
    readonly velocities: readonly number[];
    readonly accelerations: readonly number[];
    readonly effort: readonly number[];
    readonly time_from_start: { readonly secs: number; readonly nsecs: number };
  }[];
};
export type Float64MultiArray = { readonly layout: unknown; readonly data: readonly number[] };

/** What came on each of the robot's inputs, oldest first. What is not finite is a string: `'nan'`, `'inf'`, `'-inf'`. */
export type Arrivals = {
  readonly '/cmd_vel': readonly Arrival<Twist>[];
  readonly '/cmd_vel_stamped': readonly Arrival<TwistStamped>[];
  readonly '/arm/command': readonly Arrival<JointTrajectory>[];
  readonly '/arm/positions': readonly Arrival<Float64MultiArray>[];
};

/** How the robot is: SI units, `timeouts` counts how often its own command timeout stopped it. */
export type RobotState = {
  readonly enabled: boolean;
  readonly eStop: boolean;
  readonly commandTimeout: boolean;
  readonly timeouts: number;
  readonly forward: number;
  readonly turn: number;
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
  /** In the order shoulder, elbow, wrist. */
  readonly joints: readonly number[];
  readonly frames: number;
};

type Velocity = Twist | TwistStamped;

const twistOf = (message: Velocity): Twist => ('twist' in message ? message.twist : message);

/** Whether a velocity is zero on every axis. */
export function isRest({ message }: Arrival<Velocity>): boolean {
  const { linear, angular } = twistOf(message);
  return [linear, angular].every(({ x, y, z }) => x === 0 && y === 0 && z === 0);
}

/** What came after a moment. */
export function after<M>(arrivals: readonly Arrival<M>[], monotonicMs: number): readonly Arrival<M>[] {
  return arrivals.filter((arrival) => arrival.monotonicMs > monotonicMs);
}

/** The moving commands that came after a moment at which everything on its way had become too old. */
export function staleAfter<M extends Velocity>(
  arrivals: readonly Arrival<M>[],
  monotonicMs: number,
): readonly Arrival<M>[] {
  return after(arrivals, monotonicMs).filter((arrival) => !isRest(arrival));
}

/** Silences between arrivals in turn, ms: one fewer than there are arrivals. */
export function gapsMs(arrivals: readonly Arrival<unknown>[]): number[] {
  return arrivals.slice(1).map((arrival, i) => arrival.monotonicMs - arrivals[i]!.monotonicMs);
}

/** How old each command was when it came, ms; `sentMs` gives the monotonic moment it was sent. */
export function agesMs<M>(arrivals: readonly Arrival<M>[], sentMs: (message: M) => number): number[] {
  return arrivals.map((arrival) => arrival.monotonicMs - sentMs(arrival.message));
}

/** The most commands that came within any stretch of time: a burst is a queue let go. */
export function mostWithin(arrivals: readonly Arrival<unknown>[], ms: number): number {
  const countFrom = (i: number) =>
    arrivals.slice(i).filter((one) => one.monotonicMs <= arrivals[i]!.monotonicMs + ms).length;
  return Math.max(0, ...arrivals.map((_, i) => countFrom(i)));
}
