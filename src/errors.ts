/**
 * What went wrong in the world (not in the code): one line for the user, with a hint and an exit code.
 * Our own mistakes are `TypeError` / `RangeError` at construction.
 */
export class PremotorError extends Error {
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(
    message: string,
    { hint, exitCode = 1, cause }: { hint?: string; exitCode?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** The command line, or a configuration file, says something that cannot be. Exit code 2. */
export class UsageError extends PremotorError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { exitCode: 2, ...options });
  }
}

/** Words to a checkpoint that knows none. */
export class NoWords extends UsageError {
  constructor() {
    super('the checkpoint knows no words', {
      hint: 'show a goal picture, or train it further with --lexicon-steps',
    });
  }
}

/** A checkpoint that is missing, truncated, altered or of another shape. */
export class DamagedCheckpoint extends PremotorError {}

/** A data set that is missing, truncated, altered or of another shape. */
export class DamagedDataset extends PremotorError {}

/** A picture that is not one, or has another size than the model expects. */
export class BadPicture extends PremotorError {}

/** A goal that was asked for, and nothing that is remembered is like it. */
export class BadGoal extends PremotorError {}

/** No engine can run here, or the one asked for cannot. */
export class EngineUnavailable extends PremotorError {}

/** The mind process died, fell silent or refused to start. */
export class MindLost extends PremotorError {}

/** A configuration file that does not say what it must. Exit code 3. */
export class BadConfig extends PremotorError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { exitCode: 3, ...options });
  }
}

/** The link to a robot cannot be made, or is not what it should be. Exit code 4. */
export class LinkLost extends PremotorError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { exitCode: 4, ...options });
  }
}

/** The robot was stopped for safety, or may not be armed. Exit code 5. */
export class SafetyStop extends PremotorError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { exitCode: 5, ...options });
  }
}

/** A message from outside that is not what its type says. */
export class BadMessage extends PremotorError {}

/** A recording (MCAP or bag) that is missing, truncated or not one. */
export class DamagedRecording extends PremotorError {}

/** A simulation that blew up: positions or speeds that cannot be. */
export class UnstablePhysics extends PremotorError {}
