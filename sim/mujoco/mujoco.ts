// MuJoCo, as worlds use it: models compiled, stepped and asked as pure functions of a state.
export type { ModelFiles } from './compile.ts';
export type { StateLayout } from './layout.ts';
export { loadMujoco } from './load.ts';
export { type PhysicsOption, pinnedOption } from './option.ts';
export type {
  ModelActuator,
  ModelBody,
  ModelCamera,
  ModelGeom,
  ModelJoint,
  ModelSensor,
  ModelSite,
  Shape,
  Span,
} from './parts.ts';
export type { Contact, Jacobian, Motion } from './probes.ts';
export { type Places, type Simulation, type SimulationOptions, simulation } from './simulation.ts';
export { posed, pulled, pushed, speeding } from './states.ts';
