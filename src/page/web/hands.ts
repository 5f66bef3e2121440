import { useEffect } from 'preact/hooks';
import type { Stage } from '../stage.ts';
import type { PanelProps } from './panel.ts';

/** Tells which driving keys are held down. A person who presses one takes over from whoever drives. */
export function useHands({ keys }: Stage, send: PanelProps['send']): void {
  useEffect(() => {
    const codes = new Set(keys.map(({ code }) => code));
    const held = new Set<string>();
    const tell = () => send({ kind: 'hands', keys: [...held] });
    const onKey = (event: KeyboardEvent) => {
      const { code, type, target } = event;
      if (!codes.has(code) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target instanceof HTMLElement && target.matches('select, input, textarea')) return;
      event.preventDefault();
      if (event.repeat) return;
      if (type === 'keyup') held.delete(code);
      else if (held.size === 0) send({ kind: 'policy', name: 'manual' });
      if (type === 'keydown') held.add(code);
      tell();
    };
    const letGo = () => {
      if (held.size === 0) return;
      held.clear();
      tell();
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('keyup', onKey);
    window.addEventListener('blur', letGo);
    return () => {
      letGo();
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('keyup', onKey);
      window.removeEventListener('blur', letGo);
    };
  }, [keys, send]);
}
