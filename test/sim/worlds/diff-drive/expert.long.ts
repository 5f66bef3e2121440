import { describe } from 'vitest';
import { diffDriveExpert } from '../../../../sim/worlds/diff-drive/expert.ts';
import { type DiffDrive, type DiffDriveState, poseOf } from '../../../../sim/worlds/diff-drive/index.ts';
import { isReached } from '../../../../sim/worlds/diff-drive/protocols.ts';
import { diffDrive } from '../../../../sim/worlds/diff-drive/task.ts';
import { itHasAnExpert } from '../../../contracts/world.contract.ts';

await diffDrive.prepare!();

describe('the expert in other rooms', () => {
  const there = (state: DiffDriveState) => isReached(poseOf(state), state.target);
  const rooms = Array.from({ length: 12 }, (_, i) => ({ boxPlaces: i + 1, friction: [0.3, 0.8, 1.5][i % 3] }));
  for (const variations of rooms) {
    const world = diffDrive.world(variations) as DiffDrive;
    itHasAnExpert(
      JSON.stringify(variations),
      diffDrive,
      world,
      (random) => diffDriveExpert(world.layout, random),
      there,
      diffDrive.maxSteps,
    );
  }
});
