import type { Panel } from './panel.ts';
import { action } from './panels/action.tsx';
import { distance } from './panels/distance.tsx';
import { events } from './panels/events.tsx';
import { planTime } from './panels/plan-time.tsx';
import { planning } from './panels/planning.tsx';
import { scene } from './panels/scene.tsx';
import { search } from './panels/search.tsx';
import { simulator } from './panels/simulator.tsx';
import { surprise } from './panels/surprise.tsx';
import { world } from './panels/world.tsx';

/** In the order of reading. */
export const panels: readonly Panel[] = [
  world,
  simulator,
  scene,
  action,
  planning,
  events,
  distance,
  surprise,
  planTime,
  search,
];
