import { Subject } from 'rxjs';
import type { Motion } from '../../src/agent/act.ts';
import type { MindChild } from '../../src/agent/mind-child.ts';
import type { ToBody, ToMind } from '../../src/agent/wire.ts';
import type { VirtualClock } from '../../src/clock.ts';
import { MindLost } from '../../src/errors.ts';
import type { Random } from '../../src/random.ts';
import type { BodyClock } from './body-clock.ts';
import { placeIn, SIDE } from './camera.ts';
import type { Faults } from './faults.ts';

/** What is true of a motion. `tag` rides on the third axis of its actions, so that it is known again on the wire. */
export type Thought = {
  readonly tag: number;
  readonly seenMs: number;
  /** Which goal it is for, of all that people ever gave. */
  readonly goal: number;
  readonly generation: number;
  /** When it reached the body, in the body's time. */
  arrivedMs: number;
};

export type MindWatch = {
  readonly onThought: (thought: Thought) => void;
  /** A frame went to the mind, or was taken by it: more than one on the way is a queue. */
  readonly onFrames: (generation: number, onTheWay: number) => void;
  readonly onStart: () => void;
  /** The body has been told that a mind is gone. */
  readonly onGone: () => void;
};

const PERIOD_MS = 100;
const STEPS = 12;
const hostile = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, undefined, '1', {}] as unknown[];

/** Mind processes that plan a straight way to the goal, and what befalls them. */
export function simulatedMinds(
  world: VirtualClock,
  body: BodyClock,
  faults: () => Faults,
  random: Random,
  watch: MindWatch,
) {
  let generations = 0;
  let tags = 0;
  const living = new Set<{
    readonly generation: number;
    readonly die: (how: string) => void;
    hungSinceMs: number | undefined;
  }>();

  const start = (): MindChild => {
    const generation = ++generations;
    watch.onStart();
    const messages$ = new Subject<ToBody>();
    const gone$ = new Subject<string>();
    let dead = false;
    let goals = 0;
    let goal: readonly [x: number, y: number, number: number] = [0, 0, 0];
    let former = goal;
    let onTheWay = 0;
    let inbox: ToMind[] = [];

    const tell = (message: ToBody, afterMs = 0.2) =>
      world.schedule(() => body.awake(() => dead || messages$.next(message)), afterMs);
    const die = (how: string) => {
      if (dead) return;
      living.delete(self);
      world.schedule(
        () =>
          body.awake(() => {
            if (dead) return;
            dead = true;
            gone$.next(how);
            watch.onGone();
            messages$.error(new MindLost(`the mind process ended (${how})`));
          }),
        1,
      );
    };
    const self = { generation, die, hungSinceMs: undefined as number | undefined };
    living.add(self);
    const hangs = () => faults().on('mind hangs');
    const hear = (message: ToMind) => {
      if (dead) return;
      if (hangs()) {
        self.hungSinceMs ??= world.now();
        inbox.push(message);
        if (inbox.length === 1) world.schedule(resume, 10);
        return;
      }
      heed(message);
    };
    const resume = () => {
      if (hangs()) return void world.schedule(resume, 10);
      self.hungSinceMs = undefined;
      const late = inbox;
      inbox = [];
      for (const message of late) heed(message);
    };
    const heed = (message: ToMind) => {
      if (message.kind === 'ping') tell({ kind: 'pong', count: message.count });
      if (message.kind === 'start') {
        if (faults().on('mind dies at its start')) return die('exit code 1');
        const readyMs = 150 + 300 * random.uniform();
        tell({ kind: 'ready', engine: 'simulated', pictureSize: undefined }, readyMs);
        if (faults().on('mind crashes over and over'))
          world.schedule(() => die('SIGSEGV'), readyMs + 1500 * faults().intensity('mind crashes over and over'));
      }
      if (message.kind === 'goal') {
        goals++;
        former = goal;
        if ('latent' in message.goal)
          goal = [message.goal.latent[0]!, message.goal.latent[1]!, message.goal.latent[2]!];
      }
      if (message.kind === 'seen') {
        watch.onFrames(generation, onTheWay);
        onTheWay--;
        const { timeMs, frames } = message.seen;
        tell({ kind: 'taken' });
        const frame = frames.eye!;
        if (frame.width === SIDE) think(timeMs, placeIn(frame.data));
      }
    };
    const think = (seenMs: number, from: readonly [number, number]) => {
      const f = faults();
      if (f.on('plans of no end')) return;
      let afterMs = 5 + 60 * random.uniform();
      if (f.on('plans slow')) afterMs = 400 * f.intensity('plans slow');
      if (f.on('plans late by seconds')) afterMs = 300 + 2000 * f.intensity('plans late by seconds');
      if (f.on('plans out of order')) afterMs += 300 * random.uniform();
      const old = f.on('plans for a former goal') && goals > 1;
      for (let times = f.on('plans twice') ? 2 : 1; times > 0; times--)
        say(seenMs, from, old ? goals - 1 : goals, afterMs * times);
    };
    const say = (seenMs: number, from: readonly [number, number], counted: number, afterMs: number) => {
      const thought: Thought = {
        tag: ++tags,
        seenMs,
        goal: (counted === goals ? goal : former)[2],
        generation,
        arrivedMs: Number.POSITIVE_INFINITY,
      };
      watch.onThought(thought);
      const motion: Motion = { timeMs: seenMs, periodMs: PERIOD_MS, actions: steps(from, thought.tag) };
      const arrive = () => {
        if (dead) return;
        if (hangs()) return void world.schedule(arrive, 10);
        body.awake(() => {
          if (dead) return;
          thought.arrivedMs = body.now();
          messages$.next({ kind: 'motion', motion, goals: counted });
        });
      };
      world.schedule(arrive, afterMs);
    };
    const steps = (from: readonly [number, number], tag: number) => {
      const f = faults();
      const huge = f.intensity('plans huge') < 0.5 ? 0 : 1;
      const at: [number, number] = [from[0], from[1]];
      return Array.from({ length: STEPS }, () => {
        const towards = (axis: 0 | 1) => Math.max(-1, Math.min(1, 1.5 * (goal[axis] - at[axis])));
        const action: unknown[] = [towards(0), towards(1), tag];
        for (const axis of [0, 1] as const) at[axis] += ((action[axis] as number) * PERIOD_MS) / 1000;
        if (f.on('plans of nonsense') && random.uniform() < 0.5)
          action[random.integer(3)] = hostile[random.integer(hostile.length)];
        if (f.on('plans huge'))
          action[huge] = random.uniform() < 0.5 ? (random.uniform() - 0.5) * 1e308 : 1 + 0.3 * random.uniform();
        if (f.on('plans of a wrong length')) action.length = random.integer(3);
        return action as number[];
      });
    };
    return {
      pid: generation,
      send: (message) => {
        if (message.kind === 'seen') watch.onFrames(generation, ++onTheWay);
        world.schedule(() => hear(message), 0.2);
      },
      messages$,
      gone$,
      kill: (reason) => {
        if (dead) return;
        dead = true;
        living.delete(self);
        if (reason === undefined) messages$.complete();
        else {
          gone$.next(reason);
          messages$.error(new MindLost(reason));
        }
      },
    };
  };
  return {
    start,
    crash: (how: string) => {
      for (const mind of [...living]) mind.die(how);
    },
    /** Since when the living mind of a generation hangs, in the world's time. */
    hungSinceMs: (generation: number) => [...living].find((mind) => mind.generation === generation)?.hungSinceMs,
  };
}
