import { useRef } from 'preact/hooks';
import type { Frame } from '../../drivers/driver.ts';
import type { Stage } from '../stage.ts';
import type { PanelProps } from './panel.ts';
import { Picture } from './picture.tsx';

type Props = { readonly frame: Frame | undefined; readonly stage: Stage; readonly send: PanelProps['send'] };

/** A flat world through its camera. A press leads the agent there; with Shift it draws the nearest thing about. */
export function FlatView({ frame, stage, send }: Props) {
  const from = useRef<number[]>(undefined);
  const placeOf = (event: PointerEvent): [number, number] => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const share = (value: number) => Math.round(1000 * Math.min(1, Math.max(0, value))) / 1000;
    return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
  };
  const onPress = (event: PointerEvent) => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    from.current = stage.pulls && event.shiftKey ? placeOf(event) : undefined;
    onMove(event);
  };
  const onMove = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const place = placeOf(event);
    if (from.current) send({ kind: 'pull', body: '', from: from.current, to: place });
    else if (stage.points) send({ kind: 'hands', keys: [], point: place });
  };
  const onLetGo = () => {
    if (from.current) send({ kind: 'release' });
    else if (stage.points) send({ kind: 'hands', keys: [] });
    from.current = undefined;
  };
  return (
    <>
      <div
        class="stack stage"
        onPointerDown={onPress}
        onPointerMove={onMove}
        onPointerUp={onLetGo}
        onPointerCancel={onLetGo}
      >
        <Picture id="flat" frame={frame} label="The world from above" />
      </div>
      <p class="hint">
        {stage.points && 'Press in the picture to lead the agent there. '}
        {stage.pulls && 'Shift and press: draw a thing about.'}
      </p>
    </>
  );
}
