import { useEffect } from 'preact/hooks';
import type { Control } from '../control.ts';
import type { State } from './state.ts';

type Props = { readonly state: State; readonly send: (control: Control) => void };

/** Space is the e-stop wherever the focus is, so no button here answers to it; Enter presses buttons. */
export function Controls({ state: { link, snapshot, acts }, send }: Props) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.code !== 'Space') return;
      event.preventDefault();
      event.stopPropagation();
      if (event.type === 'keydown' && !event.repeat) send({ kind: 'estop' });
    };
    window.addEventListener('keydown', onKey, true);
    window.addEventListener('keyup', onKey, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
      window.removeEventListener('keyup', onKey, true);
    };
  }, [send]);

  if (!acts) return <p class="looking">you look on; who runs it can act</p>;
  const phase = snapshot?.phase;
  const atRest = phase === 'paused' || phase === 'disarmed';
  const away = link !== 'open' || phase === undefined || phase === 'done';
  return (
    <div class="controls">
      {phase === 'stopped' ? (
        <button type="button" id="reset" disabled={away} onClick={() => send({ kind: 'reset' })}>
          Reset
        </button>
      ) : (
        <button type="button" id="pause" disabled={away} onClick={() => send({ kind: atRest ? 'run' : 'pause' })}>
          {atRest ? 'Run' : 'Pause'}
        </button>
      )}
      <button type="button" id="estop" aria-keyshortcuts="Space" onClick={() => send({ kind: 'estop' })}>
        E-STOP <kbd>Space</kbd>
      </button>
    </div>
  );
}
