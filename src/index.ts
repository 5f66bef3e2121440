import type { MindModuleOptions, OpenMind } from './agent/mind-module.ts';

export { act, type Motion } from './agent/act.ts';
export { type Agent, type BodyOptions, body } from './agent/body.ts';
export { type AgentOptions, createAgent } from './agent/create-agent.ts';
export type { Start, Thought } from './agent/deliberate.ts';
export type { Goal } from './agent/goal.ts';
export type { Mind } from './agent/mind.ts';
export type { MindModule, MindModuleOptions, OpenMind } from './agent/mind-module.ts';
export type { RemoteOptions } from './agent/remote-agent.ts';
export { type RunOptions, run } from './agent/run.ts';
export { type SpawnedMind, type SpawnMindOptions, spawnMind } from './agent/spawn-mind.ts';
export type { Surprise } from './agent/surprise.ts';
export type { ThoughtReport } from './agent/wire.ts';
export { type Clock, realClock, type VirtualClock, virtualClock } from './clock.ts';
export type { Action, ActionSpec, Driver, Frame, Observation } from './drivers/driver.ts';
export * from './errors.ts';
export type { Context } from './perception/context.ts';
export type { Imagination } from './planner/imagination.ts';
export type { Interpreter, Understood } from './planner/interpreter.ts';
export type { Plan, Planner, PlanShape, Score } from './planner/planner.ts';
export { type Random, seeded } from './random.ts';
export type { Hold, Verdict, Wish } from './safety/gate.ts';
export { type GuardOptions, guard } from './safety/guard.ts';
export { type Answer, type Check, type Interlock, type InterlockState, interlock } from './safety/interlock.ts';
export { type Reason, type RestReason, rests } from './safety/reasons.ts';
export { type SafetyEvent, type SafetyLog, safetyLog } from './safety/safety-log.ts';

/**
 * Opens a checkpoint in this process: what it sees and imagines, and a planner for it, ready for `createAgent`. Compute
 * engines are loaded only here. Throws `DamagedCheckpoint`, or `EngineUnavailable`.
 */
export async function loadCheckpoint(
  dir: string,
  options: Omit<MindModuleOptions, 'checkpoint'> = {},
): Promise<OpenMind> {
  const { openMind } = await import('./agent/load-mind.ts');
  return openMind({ checkpoint: dir, ...options });
}
