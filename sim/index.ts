// premotor/sim: the simulated worlds, their tasks, collecting and judging, for programs of your own.

export { type GymDriverOptions, gymDriver } from '../src/drivers/gym/gym-driver.ts';
export { type Gym, type GymOptions, type GymSpec, type GymStep, openGym } from '../src/drivers/gym/open-gym.ts';
export { type Random, seeded } from '../src/random.ts';
export type { Words } from '../src/worldmodel/words.ts';
export { type CollectOptions, collect, type Progress } from './collect.ts';
export { type EpisodeRecord, type Evaluation, evaluateAgent, evaluateExpert, evaluateRandom } from './evaluate.ts';
export { type GymSourceOptions, gymSource } from './gym-source.ts';
export { inWords, type ToldProtocol } from './in-words.ts';
export { drawPairs, type Pair } from './pairs.ts';
export { playEpisode, type Recipe } from './play.ts';
export { type Moment, type Playground, playground } from './playground.ts';
export { findTask, tasks } from './tasks.ts';
export { type Varied, vary } from './vary.ts';
export type { Expert, Factor, Key, Policy, Protocol, Pull, Task, World } from './world.ts';
export { type WorldDriverOptions, worldDriver } from './world-driver.ts';
