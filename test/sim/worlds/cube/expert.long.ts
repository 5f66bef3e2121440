import { cubeExpert, distance } from '../../../../sim/worlds/cube/expert.ts';
import { type CubeState, type CubeWorld, cubeOf } from '../../../../sim/worlds/cube/index.ts';
import { cube } from '../../../../sim/worlds/cube/task.ts';
import { itHasAnExpert } from '../../../contracts/world.contract.ts';

await cube.prepare!();
const world = cube.world() as CubeWorld;
const placed = (state: CubeState) => distance(cubeOf(state), state.target) <= 0.04 && world.seen(state).closed < 0.2;

itHasAnExpert('cube', cube, world, (random) => cubeExpert(world, random), placed, 200);
itHasAnExpert('cube, trembling', cube, world, (random) => cubeExpert(world, random, 0.05), placed, 200);
