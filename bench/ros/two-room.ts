import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collect } from '../../sim/collect.ts';
import { evaluateAgent, evaluateRandom, share } from '../../sim/evaluate.ts';
import { drawPairs, type Pair } from '../../sim/pairs.ts';
import { findTask } from '../../sim/tasks.ts';
import { summarise } from '../../sim/timing.ts';
import type { Protocol } from '../../sim/world.ts';
import { openMind } from '../../src/agent/load-mind.ts';
import { pause } from '../../src/clock.ts';
import { openDataset } from '../../src/data/reader.ts';
import { loadCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { type Row, row } from '../row.ts';
import { bodyProcess, clock, config, isMotion, rig } from './rig.ts';

/** As `premotor eval` has them: seeds kept for evaluation, and episodes recorded for each pair. */
const HELD_OUT_SEED = 1_000_000;
const HELD_OUT_PER_PAIR = 10;
/** May be lost to the socket, points. */
const MAY_LOSE = 3;
/** Frames of the new start that have come before a goal is given. */
const SEEN_MS = 350;
/** A robot that has not done its steps by then is taken not to have reached its goal. */
const LOST_MS = 20_000;

const task = findTask('two-room');
const checkpoint = fileURLToPath(new URL('../../checkpoints/two-room', import.meta.url));

export type TwoRoomTrials = {
  readonly protocols?: readonly string[];
  readonly episodes?: number;
  readonly seed?: number;
};

/** How often the goal is reached through a socket in real time, beside the same pairs in one process in virtual time. */
export async function benchTwoRoom(given: TwoRoomTrials = {}): Promise<Row[]> {
  const { protocols = ['clear-strict'], episodes = 100, seed = 42 } = given;
  const rows: Row[] = [];
  for (const name of protocols) {
    const protocol = task.protocols[name];
    if (protocol === undefined)
      throw new RangeError(`protocol must be one of ${Object.keys(task.protocols)}, got ${name}`);
    const pairs = await heldOutPairs(protocol, episodes, seed);
    const random = share(await evaluateRandom({ protocol, pairs, seed, now: () => performance.now() }));
    const near = await inOneProcess(protocol, pairs, seed);
    process.stderr.write(`two-room, ${name}: ${near.success} % in one process, ${random} % by chance\n`);
    const far = await throughSocket(protocol, pairs, near.success);
    const line = { name: 'pass line', value: near.success - MAY_LOSE };
    const { p50, p95, p99 } = summarise(far.answerMs);
    rows.push(
      row(
        `two-room, ${name}: goals reached through the socket at 10 Hz (N = ${episodes}, seed ${seed})`,
        far.success,
        '%',
        line,
      ),
      row('the same pairs in one process, in virtual time', near.success, '%'),
      row('the same pairs by random actions', random, '%'),
      row(`picture taken to command leaving (N = ${far.answerMs.length}): p50`, p50, 'ms'),
      row('the same: p95', p95, 'ms'),
      row('the same: p99', p99, 'ms'),
      row('of this, thought: p50', summarise(far.thoughtMs).p50, 'ms'),
      row('steps to the goals that were reached, mean: through the socket', far.steps, 'steps'),
      row('the same: in one process', near.steps, 'steps'),
    );
  }
  return rows;
}

/** The pairs that `premotor eval` draws for this protocol and seed. */
async function heldOutPairs(protocol: Protocol<unknown>, episodes: number, seed: number): Promise<Pair<unknown>[]> {
  const dir = mkdtempSync(join(tmpdir(), 'premotor-bench-'));
  try {
    const recipe = { task, dir, ...task.evaluation, size: 16, frameEvery: 25 };
    await collect({ ...recipe, episodes: Math.max(200, HELD_OUT_PER_PAIR * episodes), seed: HELD_OUT_SEED + seed });
    const dataset = await openDataset(dir, { verify: false });
    const pairs = drawPairs(dataset, task, protocol, { episodes, seed });
    dataset.close();
    return pairs;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function inOneProcess(protocol: Protocol<unknown>, pairs: readonly Pair<unknown>[], seed: number) {
  const mind = await openMind({ checkpoint });
  const onEpisode = (_: unknown, done: number) => {
    if (done % 10 === 0)
      process.stderr.write(`two-room, ${protocol.name}, in one process: ${done} of ${pairs.length}\n`);
  };
  const options = { protocol, pairs, seed, now: () => performance.now(), onEpisode };
  const { success, records } = await evaluateAgent(options, mind.imagination, mind.planner);
  await mind.dispose();
  return { success, steps: mean(records.filter((record) => record.success).map(({ steps }) => steps)) };
}

/**
 * The pairs, one after the other, by a body and a mind in processes of their own, behind a bridge, in real time. The robot is
 * put at the start, disarmed; then the goal is given and the body is armed. The start and each step from the first on in which
 * a motion was in force, however short, count as visited: as many as the protocol's budget allows.
 */
async function throughSocket(protocol: Protocol<unknown>, pairs: readonly Pair<unknown>[], near: number) {
  const { world, budget } = protocol;
  const { imageSize } = loadCheckpoint(checkpoint).config;
  let trial: ReturnType<typeof judge> | undefined;
  const room = await rig(world, { start: pairs[0]!.start, size: imageSize, onState: (state) => trial?.visit(state) });
  const { robot, graph } = room;
  graph.subscribe('/judge', '/cmd_vel', ['geometry_msgs/Twist'], () =>
    trial?.hear(isMotion(robot.arrivals().at(-1)!.action)),
  );
  const body = await bodyProcess({ url: room.url, config, mind: { load: { checkpoint } }, size: imageSize });
  const steps: number[] = [];
  const beganMs = clock.now();
  try {
    for (const [number, { start, goal }] of pairs.entries()) {
      const disarmed = body.heard('disarmed');
      body.order({ kind: 'disarm' });
      await disarmed;
      robot.reset(start);
      await pause(SEEN_MS, clock);
      trial = judge(protocol, start, goal);
      body.order({ kind: 'goal', goal: { frame: world.render(goal, imageSize) } });
      await body.arm();
      await Promise.race([trial.over, pause(LOST_MS, clock)]);
      if (trial.success) steps.push(trial.steps);
      const leftMs = ((clock.now() - beganMs) / (number + 1)) * (pairs.length - number - 1);
      const how = trial.success ? `reached in ${trial.steps} steps` : `not reached in ${budget} steps`;
      const tally = `${steps.length} of ${number + 1} (in one process ${near} %)`;
      process.stderr.write(`two-room, ${protocol.name}: ${how}; ${tally}; ${Math.ceil(leftMs / 1000)} s left\n`);
    }
    const times = body.heard('times');
    body.order({ kind: 'times' });
    const { answerMs, thoughtMs } = await times;
    return { success: (100 * steps.length) / pairs.length, answerMs, thoughtMs, steps: mean(steps) };
  } finally {
    trial = undefined;
    await body.close();
    await room.close();
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);

/** Counts steps from the first on in which the robot was told to move, and looks whether the goal was reached. */
function judge<State>({ success, budget }: Protocol<State>, start: State, goal: State) {
  const visited = [start];
  let commanded = false;
  let reached = success(visited, goal);
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  if (reached) end();
  return {
    over,
    get success() {
      return reached;
    },
    get steps() {
      return visited.length - 1;
    },
    hear: (motion: boolean) => {
      commanded ||= motion;
    },
    visit: (state: State) => {
      if (!commanded || reached || visited.length > budget) return;
      visited.push(state);
      reached = success(visited, goal);
      if (reached || visited.length > budget) end();
    },
  };
}
