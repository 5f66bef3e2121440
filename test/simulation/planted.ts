/** A mistake as someone might make it: one place of a source reads otherwise. */
export type Planted = { readonly name: string; readonly file: string; readonly from: string; readonly to: string };

const gate = 'src/safety/gate.ts';
const guard = 'src/safety/guard.ts';
const watch = 'src/safety/frame-watch.ts';
const lock = 'src/safety/interlock.ts';
const limits = 'src/safety/limits.ts';
const link = 'src/drivers/ros/command-link.ts';
const act = 'src/agent/act.ts';
const keep = 'src/agent/keep-mind.ts';
const box = 'src/agent/mailbox.ts';
const loop = 'src/agent/run.ts';
const spawned = 'src/agent/spawn-mind.ts';

export const planted: readonly Planted[] = [
  {
    name: 'old frames are good',
    file: watch,
    from: '(newest?.timeMs ?? Number.NEGATIVE_INFINITY) + staleMs',
    to: '(newest?.timeMs ?? Number.NEGATIVE_INFINITY) + 1e9',
  },
  { name: 'a frozen camera is good', file: watch, from: 'changedMs + identicalMs', to: 'changedMs + 1e9' },
  {
    name: 'frames out of order are used',
    file: watch,
    from: 'timeMs <= newest.timeMs',
    to: 'timeMs <= newest.timeMs - 1e9',
  },
  { name: 'black frames are used', file: watch, from: 'if (isBlind(frame))', to: 'if (isBlind(frame) && nowMs < 0)' },
  { name: 'frames of the future are used', file: watch, from: 'timeMs > nowMs + aheadMs', to: 'timeMs > nowMs + 1e9' },
  { name: 'a wish has no end', file: gate, from: 'dueMs = untilMs;', to: 'dueMs = timeMs + 5000;' },
  {
    name: 'what was thought out before a stop is followed',
    file: gate,
    from: 'wanted.seenMs < fenceMs',
    to: 'wanted.seenMs < -1',
  },
  { name: 'wishes are heard while held', file: gate, from: 'if (holds.size > 0 || ', to: 'if (' },
  {
    name: 'no number is let through on one axis',
    file: gate,
    from: 'wanted.action.every(Number.isFinite)',
    to: 'wanted.action.slice(1).every(Number.isFinite)',
  },
  {
    name: 'a nonsense wish is passed over, the one before goes on',
    file: gate,
    from: "return rest('wrong length', timeMs);",
    to: 'return move({ ...wanted, action: spec.high }, timeMs);',
  },
  {
    name: 'rates count all the time that has passed',
    file: gate,
    from: 'Math.min(timeMs - from.timeMs, silenceMs)',
    to: '(timeMs - from.timeMs + 400)',
  },
  {
    name: 'rates count a pause in full',
    file: gate,
    from: 'Math.min(timeMs - from.timeMs, silenceMs)',
    to: 'timeMs - from.timeMs',
  },
  {
    name: 'several steps in a moment count the time before it each',
    file: gate,
    from: 'const from = timeMs > said.timeMs ? said : before;',
    to: 'const from = before;',
  },
  { name: 'no limit on accelerations', file: limits, from: 'const gain = acceleration * dt;', to: 'const gain = 1e9;' },
  {
    name: 'no limit on the last axis but one',
    file: limits,
    from: 'Math.min(high[axis]!, Math.max(low[axis]!, value)) + 0;',
    to: '(axis === 1 ? value : Math.min(high[axis]!, Math.max(low[axis]!, value))) + 0;',
  },
  {
    name: 'no rate limit on one axis',
    file: limits,
    from: 'const most = { rate: spec.maxRate[axis]!, acceleration };',
    to: 'const most = { rate: axis === 1 ? Number.POSITIVE_INFINITY : spec.maxRate[axis]!, acceleration };',
  },
  {
    name: 'the e-stop does not disarm',
    file: lock,
    from: 'become({ pressed: true, armed: false,',
    to: 'become({ pressed: true,',
  },
  {
    name: 'a reset need not name the newest press',
    file: lock,
    from: 'if (epoch !== newest)',
    to: 'if (epoch > newest)',
  },
  {
    name: 'arming that is overtaken by a press goes through',
    file: lock,
    from: 'if (request !== requests)',
    to: 'if (request > requests)',
  },
  { name: 'arming needs no checks', file: lock, from: 'if (wrong.length > 0)', to: 'if (wrong.length > 99)' },
  {
    name: 'arming may be done under a pressed e-stop',
    file: lock,
    from: "if (state$.value.pressed) return refuse('arm'",
    to: "if (state$.value.epoch < 0) return refuse('arm'",
  },
  {
    name: 'a press is not in the log',
    file: lock,
    from: "log?.add({ kind: 'e-stop pressed', by, epoch: state$.value.epoch });",
    to: '',
  },
  { name: 'the guard does not hear that it is disarmed', file: guard, from: "hold('disarmed', !armed);", to: '' },
  {
    name: 'the guard does not hear holds',
    file: guard,
    from: 'next: on(({ reason, on }) => hold(reason, on))',
    to: 'next: () => {}',
  },
  {
    name: 'a robot held for long starts by itself',
    file: guard,
    from: 'patience.watch(interlock?.state.armed === true ? machine.held : undefined);',
    to: '',
  },
  { name: 'the first message is no rest', file: link, from: "if (state$.value === 'greeting') repose();", to: '' },
  {
    name: 'the link is up before the bridge has answered',
    file: link,
    from: "state$.next('greeting');",
    to: "state$.next('up');",
  },
  {
    name: 'motion leaves while an earlier one is unanswered',
    file: link,
    from: '&& unanswered === undefined;',
    to: ';',
  },
  {
    name: 'a bridge that does not answer is trusted',
    file: link,
    from: 'if (hangs) lose(',
    to: 'if (hangs && pingMs < 0) lose(',
  },
  {
    name: 'commands wait for the link, and leave when it is back',
    file: link,
    from: '        counts.dropped++;\n        return false;\n      }\n      counts.commands++;',
    to: "        counts.dropped++;\n        if (!resting) clock.schedule(() => socket && state$.value === 'up' && send(publication), 600);\n        return false;\n      }\n      counts.commands++;",
  },
  {
    name: 'an answer is lost for ever, though later ones have come',
    file: link,
    from: 'mine() ? asked.splice(0, asked.indexOf(name) + 1) : [];',
    to: 'mine() && asked.includes(name) ? [name] : [];',
  },
  { name: 'a connection that is given up stays open', file: link, from: 'socket?.kill();', to: '' },
  { name: 'plans out of order are followed', file: act, from: 'timeMs >= answeredMs && ', to: '' },
  {
    name: 'nothing to say lets the last wish go on',
    file: act,
    from: 'of(nothing(clock.now()))',
    to: 'new Observable<Wish>()',
  },
  {
    name: 'the old goal is still followed',
    file: spawned,
    from: "if (message.kind !== 'motion' || message.goals < sent.goals) return;",
    to: "if (message.kind !== 'motion') return;",
  },
  { name: 'a mind that hangs is not noticed', file: spawned, from: 'if (hangs && !hung) onHang();', to: '' },
  { name: 'the guard does not hear the e-stop', file: guard, from: "hold('e-stop', pressed);", to: '' },
  {
    name: 'the guard does not hear that the mind is lost',
    file: guard,
    from: "next: on(() => tell({ kind: 'drop', reason: 'mind lost', timeMs: clock.now() })),",
    to: 'next: () => {},',
  },
  {
    name: 'frames age by the wall clock',
    file: guard,
    from: 'const nowMs = clock.now();\n        const fault',
    to: 'const nowMs = Date.now();\n        const fault',
  },
  {
    name: 'plans age by the wall clock',
    file: act,
    from: 'const nowMs = clock.now();\n      if (nowMs >= untilMs',
    to: 'const nowMs = Date.now();\n      if (nowMs >= untilMs',
  },
  {
    name: 'a wish is followed for longer than it holds',
    file: gate,
    from: 'Math.min(wanted.untilMs, timeMs + silenceMs)',
    to: 'timeMs + silenceMs',
  },
  { name: 'the end of one hold ends all', file: gate, from: 'else holds.delete(reason);', to: 'else holds.clear();' },
  {
    name: 'a motion is played to its end',
    file: act,
    from: 'Math.min(clock.now() + tailMs, timeMs + actions.length * periodMs)',
    to: 'timeMs + actions.length * periodMs',
  },
  {
    name: 'a motion is played step by step, not by the clock',
    file: act,
    from: 'Math.floor((nowMs - timeMs) / periodMs + 1e-6);',
    to: 'played + 1;',
  },
  {
    name: 'disarming does not overtake an arming',
    file: lock,
    from: 'requests++;\n        return;',
    to: 'return;',
  },
  { name: 'a mind that crashes is started for ever', file: keep, from: '|| lossesMs.length >= restarts', to: '' },
  {
    name: 'frames queue up before the mind',
    file: box,
    from: 'if (!away) return post(seen);',
    to: 'return post(seen);',
  },
  {
    name: 'the last word is no rest',
    file: loop,
    from: 'subscriber.add(() => {\n      if (last !== driver.actionSpec.rest) send(driver.actionSpec.rest);\n    });',
    to: '',
  },
];

/** Enough of them, of every part, for each run of the suite. */
export const representative: readonly string[] = [
  'old frames are good',
  'a frozen camera is good',
  'a wish has no end',
  'what was thought out before a stop is followed',
  'no number is let through on one axis',
  'rates count all the time that has passed',
  'no rate limit on one axis',
  'the e-stop does not disarm',
  'a reset need not name the newest press',
  'arming that is overtaken by a press goes through',
  'the first message is no rest',
  'the link is up before the bridge has answered',
  'motion leaves while an earlier one is unanswered',
  'commands wait for the link, and leave when it is back',
  'plans out of order are followed',
  'the old goal is still followed',
];
