import { createHash } from 'node:crypto';
import { ReplaySubject, Subject, type Subscription } from 'rxjs';
import type { Goal } from '../../src/agent/goal.ts';
import { run } from '../../src/agent/run.ts';
import { virtualClock } from '../../src/clock.ts';
import { commandLink } from '../../src/drivers/ros/command-link.ts';
import { rosDriver } from '../../src/drivers/ros/driver.ts';
import { keepTime } from '../../src/drivers/ros/keep-time.ts';
import { command } from '../../src/drivers/ros/messages/command.ts';
import { stampClock } from '../../src/drivers/ros/stamp-clock.ts';
import { type Random, seeded } from '../../src/random.ts';
import { frameWatch } from '../../src/safety/frame-watch.ts';
import type { Hold } from '../../src/safety/gate.ts';
import { interlock } from '../../src/safety/interlock.ts';
import { rests } from '../../src/safety/reasons.ts';
import { safetyLog } from '../../src/safety/safety-log.ts';
import { bodyClock } from './body-clock.ts';
import { simulatedCamera } from './camera.ts';
import { drizzle, type Fault, type Faults, swarm } from './faults.ts';
import { eyewitness, invariants, type Truth, type Violation } from './invariants.ts';
import { simulatedMinds, type Thought } from './mind.ts';
import { network } from './network.ts';
import { operator } from './operator.ts';
import { bridgeThatTells, simulatedRobot } from './robot.ts';
import { type Simulated, type SimulateOptions, spec } from './simulated.ts';
import { verdictWatch } from './verdicts.ts';

const TOPIC = '/cmd_vel';
/** From one command to the next at most, ms: one of these each seed. */
const EVERY_MS = [50, 50, 100, 200];
const SILENT_MS = 200;
const RESUME_MS = 2000;
const RESTARTS = 5;
/** For so long a jump of the robot's clock may be unknown to the body. */
const UNNOTICED_MS = 10_000;
const HOUR_MS = 3_600_000;
/** No command is so late that its plan is forgotten. */
const REMEMBERED = 10_000;
/** Between looking at the camera and being armed lies a proof of the link, ms. */
const ARM_SLACK_MS = 1600;
/** A whole body, a link, minds and a world under virtual time, with faults drawn from the seed; invariants checked throughout. */
export async function simulate({
  seed,
  lengthMs = 60_000,
  faultsMs = 42_000,
  without = new Set(),
  lasting = new Set(),
  drizzleMs,
  onHour,
  onTrace,
}: SimulateOptions): Promise<Simulated> {
  const random: Random = seeded(seed);
  const world = virtualClock();
  const hash = createHash('sha256');
  const violations: Violation[] = [];
  const trace = (line: string) => {
    hash.update(`${line}\n`);
    onTrace?.(line);
  };
  const report = (invariant: string, what: string) => {
    violations.push({ invariant, atMs: world.now(), what });
    onTrace?.(`${world.now()} VIOLATION ${invariant}: ${what}`);
  };

  let faults: Faults = { on: () => false, intensity: () => 0, fired: new Map(), calm: () => {} };
  const everyMs = EVERY_MS[random.fork('every').integer(EVERY_MS.length)]!;
  const body = bodyClock(
    world,
    () => faults,
    random.fork('timers'),
    (what) => report('endless', what),
  );
  const robot = simulatedRobot(world, {
    watchdogMs: random.fork('watchdog').uniform() < 0.5 ? 500 : Number.POSITIVE_INFINITY,
  });
  let robotAheadMs = 1e12 * random.fork('robot clock').uniform();
  let wallMs = 0;
  Date.now = () => wallMs + body.now(); // nothing but its jumps tells it from the body's own clock
  let jump = { byMs: 0, atMs: Number.NEGATIVE_INFINITY };
  const robotTime = () => world.now() + robotAheadMs;

  const truth: Truth = {
    believedMs: Number.NEGATIVE_INFINITY,
    honestMs: Number.NEGATIVE_INFINITY,
    changedMs: Number.NEGATIVE_INFINITY,
    allowed: false,
    allowedSinceMs: 0,
    goals: 0,
    answered: 0,
    answeredMs: 0,
    died: new Map(),
    get timersLate() {
      return faults.on('timers late');
    },
  };
  const thoughts = new Map<number, Thought>();
  const witness = eyewitness(truth);
  let commands = 0;
  let moved = 0;
  let movedMs = Number.NEGATIVE_INFINITY;
  let stale = 0;
  const left = new Set<number>();
  const startsMs: number[] = [];

  const minds = simulatedMinds(world, body, () => faults, random.fork('minds'), {
    onThought: (thought) => {
      thoughts.set(thought.tag, thought);
      thoughts.delete(thought.tag - REMEMBERED);
    },
    onFrames: (_, onTheWay) => onTheWay > 1 && report('I9', `${onTheWay} frames on their way to the mind`),
    onStart: () => {
      startsMs.push(body.now());
      const restarts = startsMs.slice(1).filter((ms) => ms > body.now() - 60_000).length;
      if (restarts > RESTARTS) report('I7', `restart ${restarts} of the mind in a minute`);
    },
    onGone: () =>
      loop?.closed === false && verdicts.lostMs !== body.now() && report('I13', `the mind died: ${verdicts.reason}`),
  });
  const check = invariants(spec, truth, thoughts, minds.hungSinceMs, report);
  const net = network(world, body, () => faults, random.fork('network'), {
    onSent: (connection, text) => {
      const action = velocity(text);
      if (action === undefined) return;
      commands++;
      trace(`${world.now()} ${connection} ${JSON.stringify(action)}`);
      check.sent({ action, connection, bodyMs: body.now(), worldMs: world.now() });
      if (check.still(action)) return;
      moved++;
      verdicts.moved();
      movedMs = world.now();
    },
    onRead: (connection, text, sentMs) => {
      const action = velocity(text);
      if (action === undefined) return;
      robot.hear([action[0]!, action[1]!]);
      if (check.still(action) || world.now() - sentMs <= 1000 || faults.on('link slow')) return;
      stale++;
      if (left.has(connection)) report('R7', `a second stale command was left behind on connection ${connection}`);
      left.add(connection);
    },
    onAnswered: (connection) => {
      truth.answered = connection;
      truth.answeredMs = body.now();
    },
    onClosed: () => {},
  });

  const log = safetyLog({ clock: body, onEvent: (event) => onTrace?.(`${world.now()} ${JSON.stringify(event)}`) });
  const verdicts = verdictWatch({ clock: body, truth, log, report });
  const watch = frameWatch({ staleMs: 300, identicalMs: 500 });
  const stamps = stampClock();
  const rest = () => ({ topic: TOPIC, msg: say(spec.rest) });
  const message = command({
    type: 'geometry_msgs/Twist',
    version: 1,
    names: spec.names,
    frameId: '',
    stepMs: everyMs,
  });
  const say = (action: readonly number[]) => message(action, Math.max(0, stamps.robotTime(body.now()) ?? wallMs));
  const link = commandLink({
    clock: body,
    random: random.fork('link'),
    open: net.open,
    topics: [{ topic: TOPIC, type: 'geometry_msgs/Twist' }],
    rest,
    ...(random.fork('settle').uniform() < 0.5 && { settleMs: 0 }),
    onLost: (why) => log.add({ kind: 'link lost', why }),
  });
  const sights$ = simulatedCamera({
    world,
    body,
    faults: () => faults,
    random: random.fork('camera'),
    stamps,
    place: robot.place,
    robotTime,
    jumpedMs: () => (world.now() - jump.atMs < UNNOTICED_MS ? jump.byMs : 0),
    onArrival: (shot) => witness(shot, world.now()),
  });
  const time = keepTime(bridgeThatTells({ world, body, faults: () => faults, random, robotTime }), stamps, body);
  const lock = interlock({
    clock: body,
    log,
    checks: [
      { name: 'camera', look: () => watch.fault(body.now()) },
      { name: 'link', look: async () => ((await link.prove()) ? undefined : 'the bridge has not taken a rest') },
    ],
  });
  const holds$ = new Subject<Hold>();
  const holding = new Map<string, boolean>();
  const hold = (reason: Hold['reason'], on: boolean) => {
    if ((holding.get(reason) ?? false) !== on) holds$.next({ reason, on });
    holding.set(reason, on);
  };
  const goal$ = new ReplaySubject<Goal>(1);
  const people = operator({
    world,
    body,
    random: random.fork('people'),
    lock,
    truth,
    report,
    onPressed: (again) => {
      check.pressed(link.state === 'up' && net.stands);
      if (!again && loop?.closed === false && verdicts.reason !== 'e-stop')
        report('I13', `the e-stop was pressed: ${verdicts.reason}`);
    },
    onArmed: () => {
      if (world.now() - truth.honestMs > ARM_SLACK_MS) report('R22', 'armed without a fresh frame');
      if (truth.answered === 0) report('R22', 'armed without a bridge that answers');
    },
  });
  const newGoal = () => {
    const draw = random.fork(`goal ${truth.goals}`);
    const place = [2 * draw.uniform() - 1, 2 * draw.uniform() - 1] as const;
    truth.goals++;
    goal$.next({ latent: Float32Array.of(...place, truth.goals) });
    return place;
  };
  let goal = newGoal();

  let failed: unknown;
  const terminated$ = new Subject<void>();
  const driver = rosDriver({ actionSpec: spec, link, topic: TOPIC, message: say, sights$ });
  let loop: Subscription | undefined;
  const begin = () => {
    loop = run(driver, {
      mind: { load: { checkpoint: '' }, goal: goal$, clock: body, start: minds.start },
      clock: body,
      interlock: lock,
      holds$,
      watch,
      silenceMs: SILENT_MS,
      everyMs,
      onEvent: verdicts.hear,
      onVerdict: (told) => {
        check.judged(told.action, told.reason in rests, body.now());
        verdicts.tell(told, link.state === 'up');
      },
      onReject: (why) => {
        rejected = true;
        onTrace?.(`${world.now()} frame rejected: ${why}`);
      },
    }).subscribe({ error: (error) => (failed = error) });
  };
  let rejected = false;
  let sights = 0;
  sights$.subscribe(() => {
    rejected = false;
    if (loop?.closed === false) sights++;
  });
  begin();
  sights$.subscribe(() => {
    if (!rejected) truth.believedMs = body.now();
  });
  const links = link.state$.subscribe((state) => body.awake(() => hold('link lost', state !== 'up')));

  let missing: Subscription | undefined;
  const onFault = (fault: Fault) => {
    onTrace?.(`${world.now()} fault: ${fault}`);
    const own = random.fork(`${fault} ${world.now()}`);
    if (fault === 'link reset' || fault === 'bridge down') net.reset('reset by peer');
    if (fault === 'slow close') net.slowClose(2000 * own.uniform());
    if (fault === 'mind out of memory') minds.crash('out of memory');
    if (fault.startsWith('mind crashes')) minds.crash('SIGKILL');
    if (fault === 'clock steps ahead') body.stepAhead(5000 * own.uniform());
    if (fault === "robot's clock jumps") {
      const before = robotAheadMs;
      robotAheadMs = Math.max(0, robotAheadMs + (own.uniform() - 0.5) * (own.uniform() < 0.5 ? 6e11 : 1e4));
      jump = { byMs: robotAheadMs - before, atMs: world.now() };
    }
    if (fault === 'wall clock jumps') wallMs += (own.uniform() - 0.5) * 6e11;
    if (fault === 'measurements missing') {
      body.awake(() => hold('robot silent', true));
      missing?.unsubscribe();
      missing = world.schedule(() => body.awake(() => hold('robot silent', false)), 3000 * own.uniform());
    }
    if (fault === 'another goal') body.awake(() => (goal = newGoal()));
    if (fault === 'terminated') body.awake(() => terminated$.next());
    people.trouble(fault);
  };
  const counts = () => !ended && failed === undefined;
  faults =
    drizzleMs === undefined
      ? swarm(world, random.fork('faults'), { fromMs: 1000, untilMs: faultsMs, without, lasting, counts }, onFault)
      : drizzle(world, random.fork('faults'), drizzleMs, onFault);
  let hour = 0;
  if (onHour !== undefined)
    world.schedule(function () {
      const listeners = sights$.observers.length + holds$.observers.length + goal$.observers.length;
      onHour(++hour, { timers: body.timers, listeners });
      this.schedule(undefined, HOUR_MS);
    }, HOUR_MS);

  if (lasting.has('bridge down')) net.reset('refused');
  let ended = false;
  terminated$.subscribe(() => {
    ended = true;
    loop?.unsubscribe();
    truth.allowed = false;
    if (link.state === 'up' && check.last !== undefined && !check.still(check.last.action))
      report('I3', 'terminated without a rest');
    void link.close();
  });
  people.begin();
  await world.run(faultsMs);
  faults.calm();
  missing?.unsubscribe();
  body.awake(() => hold('robot silent', false));
  const armings = people.armings();
  if (failed !== undefined) ended = true; // too many restarts: latched, as it must be
  people.calm();
  const quiet = await liveness();
  if (!ended && !quiet) report('liveness', `no motion within ${RESUME_MS} ms: ${verdicts.reason}, link ${link.state}`);
  await world.run(lengthMs);
  const offMs = Math.hypot(robot.place[0] - goal[0], robot.place[1] - goal[1]);
  const { used, rejected: turnedAway } = watch.counts;
  if (used + turnedAway !== sights)
    report('I13', `${sights} frames came, ${used} were used and ${turnedAway} turned away`);
  const presses = log.counts.get('e-stop pressed') ?? 0;
  if (presses !== people.presses()) report('I13', `${people.presses()} presses, ${presses} in the log`);

  loop?.unsubscribe();
  if (!ended && link.state === 'up' && !check.still(check.last!.action)) report('I3', 'the last word was no rest');
  time.unsubscribe();
  links.unsubscribe();
  void link.close();
  return {
    seed,
    violations,
    trace: hash.digest('hex'),
    fired: faults.fired,
    commands,
    moved,
    armings,
    reached: offMs < 0.1,
    ended,
    stale,
  };

  /** With all well again, people arm; the robot moves again soon, unless it is where it shall be. */
  async function liveness(): Promise<boolean> {
    const sinceMs = world.now();
    for (;;) {
      await world.advance(100);
      if (ended || Math.hypot(robot.place[0] - goal[0], robot.place[1] - goal[1]) < 0.1) return true;
      if (movedMs >= sinceMs) return true;
      if (people.armedMs() !== undefined && world.now() - Math.max(people.armedMs()!, sinceMs) > RESUME_MS)
        return false;
      if (world.now() - sinceMs > 8000) return false;
    }
  }
}

/** What a message to the bridge asks of the robot, if anything. */
function velocity(text: string): readonly number[] | undefined {
  const { op, topic, msg } = JSON.parse(text);
  return op === 'publish' && topic === TOPIC ? [msg.linear.x, msg.linear.y, msg.linear.z] : undefined;
}
