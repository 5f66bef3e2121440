import { FlatView } from '../flat-view.tsx';
import type { Panel } from '../panel.ts';
import { SolidView } from '../solid-view.tsx';

export const world: Panel = {
  id: 'world',
  title: 'World',
  column: 'scene',
  when: ({ stage }) => stage !== undefined,
  View: ({ state: { stage, poses, frames }, send }) => (
    <>
      <h2>{world.title}</h2>
      {stage?.solid ? (
        <SolidView solid={stage.solid} poses={poses} pulls={stage.pulls} send={send} />
      ) : (
        <FlatView frame={frames.camera} stage={stage!} send={send} />
      )}
    </>
  ),
};
