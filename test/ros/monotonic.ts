/** `CLOCK_MONOTONIC`, ms: on Linux the clock of Python's `time.monotonic()` too, in every process. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
