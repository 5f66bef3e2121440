/**
 * Why an action is what it is. Those of `rests` are the rest action. The words are codes too: logs, diagnostics and recordings
 * carry them as they stand here.
 */
export const rests = {
  'e-stop': 'the e-stop is pressed: reset it, then arm',
  disarmed: 'nobody has armed the robot',
  paused: 'someone asked for a pause',
  'link lost': 'the bridge does not answer: motion goes on when it does, after a fresh frame',
  'robot silent': 'nothing that the robot measures has come for too long',
  'stale frame': 'the newest frame is too old',
  'frozen frame': 'frames come, byte by byte the same',
  'blind frame': 'frames come, all of one colour',
  'future frame': 'frames come with times that lie ahead: a clock has jumped',
  'mind lost': 'the mind process died or hangs',
  silence: 'the mind has said nothing for too long',
  'not finite': 'the mind asked for what is no number',
  'wrong length': 'the mind asked for an action of another length than the robot has',
  end: 'the run is over',
} as const;

export type RestReason = keyof typeof rests;
export type Reason = 'as wished' | 'clamped' | 'rate-limited' | RestReason;
