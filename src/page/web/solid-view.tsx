import { useEffect, useRef, useState } from 'preact/hooks';
import type { Stage } from '../stage.ts';
import type { PanelProps } from './panel.ts';
import type { Solid } from './solid.ts';

type Props = {
  readonly solid: NonNullable<Stage['solid']>;
  readonly poses: Float32Array | undefined;
  readonly pulls: boolean;
  readonly send: PanelProps['send'];
};

/** A solid world, drawn here from where its parts are. The drawing library is loaded only when there is one. */
export function SolidView({ solid, poses, pulls, send }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<Solid>(undefined);
  const newest = useRef(poses);
  const [trouble, setTrouble] = useState('');
  newest.current = poses;

  useEffect(() => {
    let gone = false;
    import('./solid.ts')
      .then(({ openSolid }) => {
        if (gone || box.current === null) return;
        view.current = openSolid(box.current, solid, {
          onPull: (pull) => pulls && send(pull === undefined ? { kind: 'release' } : { kind: 'pull', ...pull }),
        });
        if (newest.current) view.current.place(newest.current);
      })
      .catch((error: unknown) => setTrouble(String((error as Error)?.message ?? error)));
    return () => {
      gone = true;
      view.current?.close();
      view.current = undefined;
    };
  }, [solid, pulls, send]);
  useEffect(() => {
    if (poses) view.current?.place(poses);
  }, [poses]);

  return (
    <>
      <div ref={box} id="solid" class="stage solid" role="img" aria-label="The world in three dimensions" />
      <p class="hint">
        {trouble !== ''
          ? `This browser cannot draw it (${trouble}); the camera picture shows the world.`
          : `Drag to turn, scroll to come closer, right button to move.${pulls ? ' Press on a loose thing to draw it about.' : ''}`}
      </p>
    </>
  );
}
