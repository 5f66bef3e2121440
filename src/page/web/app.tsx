import { useEffect, useRef, useState } from 'preact/hooks';
import type { Control } from '../telemetry.ts';
import { Controls } from './controls.tsx';
import { Header } from './header.tsx';
import { type LiveLink, liveLink } from './link.ts';
import { Notices } from './notices.tsx';
import type { Panel } from './panel.ts';
import { panels } from './panels.ts';
import { blank, type State } from './state.ts';

export function App() {
  const [state, setState] = useState(blank);
  const link = useRef<LiveLink>(undefined);
  useEffect(() => {
    link.current = liveLink(setState);
    return () => link.current?.close();
  }, []);
  const send = (control: Control) => link.current?.send(control);

  return (
    <>
      <header class="top">
        <Header state={state} />
        <Controls state={state} send={send} />
      </header>
      <Notices state={state} />
      <main class={state.link === 'open' ? 'columns' : 'columns stale'}>
        <Column name="scene" state={state} />
        <Column name="charts" state={state} />
      </main>
    </>
  );
}

function Column({ name, state }: { name: Panel['column']; state: State }) {
  return <div class={`column ${name}`}>{panels.filter(({ column }) => column === name).map(show(state))}</div>;
}

const show = (state: State) =>
  function shown({ id, title, View }: Panel) {
    return (
      <section key={id} id={id} class="panel" aria-label={title}>
        {state.snapshot === undefined ? <h2>{title}</h2> : <View state={state} snapshot={state.snapshot} />}
      </section>
    );
  };
