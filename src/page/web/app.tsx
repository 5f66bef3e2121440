import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Control } from '../control.ts';
import { Controls } from './controls.tsx';
import { Header } from './header.tsx';
import { type LiveLink, liveLink } from './link.ts';
import { Notices } from './notices.tsx';
import type { Panel, PanelProps } from './panel.ts';
import { panels } from './panels.ts';
import { blank, type State } from './state.ts';

export function App() {
  const [state, setState] = useState(blank);
  const link = useRef<LiveLink>(undefined);
  useEffect(() => {
    link.current = liveLink(setState);
    return () => link.current?.close();
  }, []);
  const send = useCallback((control: Control) => link.current?.send(control), []);

  return (
    <>
      <header class="top">
        <Header state={state} />
        <Controls state={state} send={send} />
      </header>
      <Notices state={state} />
      <main class={state.link === 'open' ? 'columns' : 'columns stale'}>
        <Column name="scene" state={state} send={send} />
        <Column name="charts" state={state} send={send} />
      </main>
    </>
  );
}

type ColumnProps = Omit<PanelProps, 'snapshot'> & { readonly name: Panel['column'] };

function Column({ name, state, send }: ColumnProps) {
  const shown = panels.filter(({ column, when }) => column === name && (when?.(state) ?? true));
  return <div class={`column ${name}`}>{shown.map(show(state, send))}</div>;
}

const show = (state: State, send: PanelProps['send']) =>
  function shown({ id, title, View }: Panel) {
    return (
      <section key={id} id={id} class="panel" aria-label={title}>
        {state.snapshot === undefined ? <h2>{title}</h2> : <View state={state} snapshot={state.snapshot} send={send} />}
      </section>
    );
  };
