import type { Frame } from '../src/drivers/driver.ts';
import { type Random, seeded } from '../src/random.ts';
import { distracted } from './distractors.ts';
import { noisy } from './noise.ts';
import { type Given, readVariations, unknownVariation, type Variations } from './variations.ts';
import type { Expert, Factor, Policy, Protocol, Task, World } from './world.ts';

/** The value of a factor that is drawn anew for every episode. */
export const RANDOM = 'random';

/** What every task can have before its camera. */
const before: Variations = {
  pixelNoise: 'standard deviation of the noise of every picture, grey levels 0..64 (0)',
  distractors: 'how many coloured discs that mean nothing wander before the camera, 0..8 (0)',
};
const beforeFactors: Readonly<Record<string, Factor>> = {
  noise: (random) => ({ pixelNoise: 5 + 20 * random.uniform() }),
  distractors: (random) => ({ distractors: 1 + random.integer(4) }),
};

/** The state of a varied world: its own, the number that everything varied follows from, and steps since the reset. */
export type Varied<State> = { readonly own: State; readonly draw: number; readonly tick: number };

/** Names of a task's variations, those of every task included, with what they do. */
export const variationsOf = (task: Pick<Task, 'variations'>): Variations => ({ ...task.variations, ...before });

/** Names of what can be drawn anew for every episode of a task. */
export const factorsOf = (task: Pick<Task, 'factors'>): Readonly<Record<string, Factor>> => ({
  ...task.factors,
  ...beforeFactors,
});

/**
 * A task under variations: fixed values (`{ speed: 4 }`), factors drawn anew for every episode (`{ colour: 'random' }`),
 * noise and distractors over its pictures. What was drawn is part of the state, so a state restored looks and moves as it
 * did. Throws `UsageError` for unknown names and impossible values.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a state holds depends on the variations.
export function vary<State>(task: Task<State>, given: Given): Task<any> {
  const factors = Object.keys(given).filter((name) => given[name] === RANDOM && Object.hasOwn(factorsOf(task), name));
  const fixed = Object.fromEntries(Object.entries(given).filter(([name]) => !factors.includes(name)));
  for (const name of Object.keys(fixed)) {
    const known = { ...variationsOf(task), ...(fixed[name] === RANDOM && factorsOf(task)) } as Variations;
    if (!Object.hasOwn(known, name)) throw unknownVariation(task.name, name, known);
  }
  if (factors.length === 0 && !Object.keys(before).some((name) => Object.hasOwn(fixed, name))) {
    const protocols = overProtocols(task, (protocol) => ({
      ...protocol,
      world: task.world({ ...fixed, ...protocol.rules }),
    }));
    return { ...task, protocols, world: (more) => task.world({ ...fixed, ...more }) };
  }
  const worlds = drawnWorlds(task, fixed, factors);
  const at = ({ draw }: Varied<State>) => worlds(draw).world;
  const lazily = <Of extends object>(make: (world: World<State>) => Of) => {
    let made: Of | undefined; // one episode, one draw
    return (state: Varied<State>): Of => {
      made ??= make(at(state));
      return made;
    };
  };
  const policies = Object.entries(task.policies).map(([name, policy]) => [
    name,
    (_: World<Varied<State>>, random: Random): Policy<Varied<State>> => {
      const its = lazily((world) => policy(world, random));
      return {
        begin: (state) => ({ ...state, own: its(state).begin?.(state.own) ?? state.own }),
        act: (state) => its(state).act(state.own),
        next: (state) => ({ ...state, own: its(state).next(state.own) }),
        done: (state) => its(state).done(state.own),
      };
    },
  ]);
  const { aimed: _, toward: __, objects: ___, words: ____, teleport: _____, ...same } = task;
  const varied: Omit<Task<Varied<State>>, 'read'> = {
    ...same,
    world: () => variedWorld(worlds),
    stateNames: [...task.stateNames, 'draw', 'tick'],
    protocols: overProtocols(task, (protocol) => ({
      ...protocol,
      world: variedWorld(drawnWorlds(task, { ...fixed, ...protocol.rules }, factors)),
      eligible: (recorded) => protocol.eligible(recorded.map(({ own }) => own)),
      success: (visited, goal) =>
        protocol.success(
          visited.map(({ own }) => own),
          goal.own,
        ),
    })),
    policies: Object.fromEntries(policies),
    expert: (_, random): Expert<Varied<State>> => {
      const its = lazily((world) => task.expert(world, random));
      return (state) => its(state)(state.own);
    },
    goal: (_, state, random, far) => ({ ...state, own: task.goal(at(state), state.own, random, far) }),
    reached: ({ own }, goal) => task.reached(own, goal.own),
    ...(task.objects && { objects: (_, state) => task.objects!(at(state), state.own) }),
    ...(task.words && { words: (_, state) => task.words!(at(state), state.own) }),
    ...(task.teleport && {
      teleport: (_, state, random) => ({ ...state, own: task.teleport!(at(state), state.own, random) }),
    }),
    ...(task.aimed && { aimed: (state, goal) => ({ ...state, own: task.aimed!(state.own, goal.own) }) }),
    ...(task.toward && { toward: (_, state, place) => task.toward!(at(state), state.own, place) }),
  };
  return varied;
}

/** A task's protocols, each made another; pairs and success are judged by the standard world's rules. */
const overProtocols = <From, To>(
  { protocols }: Pick<Task<From>, 'protocols'>,
  changed: (protocol: Protocol<From>) => Protocol<To>,
): Record<string, Protocol<To>> =>
  Object.fromEntries(Object.entries(protocols).map(([name, protocol]) => [name, changed(protocol)]));

/** A world of one draw, and what is before its camera. */
type Drawn<State> = { readonly world: World<State>; readonly pixelNoise: number; readonly distractors: number };

/** Worlds kept; an episode uses one. */
const KEPT = 8;

function drawnWorlds<State>(task: Task<State>, fixed: Given, factors: readonly string[]) {
  const kept = new Map<number, Drawn<State>>();
  const make = (draw: number): Drawn<State> => {
    const random = seeded(draw);
    const drawn = factors.map((name) => factorsOf(task)[name]!(random.fork(name)));
    const values: Given = Object.assign({}, ...drawn, fixed);
    const { pixelNoise = 0, distractors = 0, ...own } = values;
    const { number, whole } = readVariations(task.name, before, { pixelNoise, distractors });
    return {
      world: task.world(own),
      pixelNoise: number('pixelNoise', 0, 64, 0),
      distractors: whole('distractors', 0, 8, 0),
    };
  };
  make(0); // impossible values show here
  return (draw: number): Drawn<State> => {
    const known = kept.get(draw) ?? make(draw);
    kept.delete(draw);
    kept.set(draw, known); // the newest is last
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return known;
  };
}

function variedWorld<State>(worlds: (draw: number) => Drawn<State>): World<Varied<State>> {
  const { actionSpec, periodMs } = worlds(0).world;
  const encodeState = ({ own, draw, tick }: Varied<State>) => [...worlds(draw).world.encodeState(own), draw, tick];
  return {
    actionSpec,
    periodMs,
    encodeState,
    reset: (random) => {
      const draw = random.fork('draw').integer(2 ** 32);
      return { own: worlds(draw).world.reset(random), draw, tick: 0 };
    },
    step: ({ own, draw, tick }, action) => ({ own: worlds(draw).world.step(own, action), draw, tick: tick + 1 }),
    decodeState: (values) => {
      const [draw, tick] = [values[values.length - 2]!, values[values.length - 1]!];
      return { own: worlds(draw).world.decodeState(Array.from(values).slice(0, -2)), draw, tick };
    },
    render: (state, size, camera) => {
      const { world, pixelNoise, distractors } = worlds(state.draw);
      let frame: Frame = world.render(state.own, size, camera);
      if (distractors > 0) frame = distracted(frame, distractors, state.draw, state.tick);
      return pixelNoise > 0 ? noisy(frame, pixelNoise, encodeState(state), camera ?? 'camera') : frame;
    },
    locate: ({ own, draw }) => worlds(draw).world.locate(own),
    ...(worlds(0).world.sense && {
      sense: ({ own, draw }, size, camera) => worlds(draw).world.sense!(own, size, camera),
    }),
    ...(worlds(0).world.view && { view: ({ own, draw }) => worlds(draw).world.view!(own) }),
    ...(worlds(0).world.pull && {
      pull: (state, what) => ({ ...state, own: worlds(state.draw).world.pull!(state.own, what) }),
    }),
    ...(worlds(0).world.odometry && { odometry: ({ own, draw }) => worlds(draw).world.odometry!(own) }),
  };
}
