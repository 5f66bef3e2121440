import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Frame } from '../../drivers/driver.ts';
import type { Control } from '../control.ts';
import { Controls } from './controls.tsx';
import { Header } from './header.tsx';
import { inWords } from './in-words.ts';
import { type LiveLink, liveLink } from './link.ts';
import { Notices } from './notices.tsx';
import { isAgent, type Panel, type PanelProps } from './panel.ts';
import { panels } from './panels.ts';
import { past, Scrubber } from './past.tsx';
import { blank, type State } from './state.ts';

export function App() {
  const [state, setState] = useState(blank);
  const link = useRef<LiveLink>(undefined);
  const back = useRef(past());
  const [held, setHeld] = useState<State>(); // the moment looked back at
  const [ago, setAgo] = useState(0);
  useEffect(() => {
    link.current = liveLink((next) => {
      back.current.add(next);
      setState(next);
    });
    return () => link.current?.close();
  }, []);
  const look = (moments: number) => {
    setAgo(moments);
    setHeld(moments === 0 ? undefined : back.current.at(moments));
  };
  const shown = held ?? state;
  const seconds = ((state.snapshot?.timeMs ?? 0) - (shown.snapshot?.timeMs ?? 0)) / 1000;
  const send = useCallback((control: Control) => link.current?.send(control), []);
  const goal = useCallback((frame: Frame) => link.current?.goal(frame), []);

  return (
    <>
      <header class="top">
        <Header state={state} />
        <Controls state={state} send={send} />
      </header>
      <Notices state={state} />
      {isAgent(state) && (
        <section class="in-words" aria-label="In words">
          {inWords(shown)}
        </section>
      )}
      {isAgent(state) && <Scrubber length={back.current.length} ago={ago} seconds={seconds} onChange={look} />}
      <main class={state.link === 'open' || held ? 'columns' : 'columns stale'}>
        <Column name="scene" state={shown} send={send} goal={goal} />
        <Column name="charts" state={shown} send={send} goal={goal} />
      </main>
    </>
  );
}

type ColumnProps = Omit<PanelProps, 'snapshot'> & { readonly name: Panel['column'] };

function Column({ name, state, send, goal }: ColumnProps) {
  const shown = panels.filter(({ column, when }) => column === name && (when?.(state) ?? true));
  return <div class={`column ${name}`}>{shown.map(show(state, send, goal))}</div>;
}

const show = (state: State, send: PanelProps['send'], goal: PanelProps['goal']) =>
  function shown({ id, title, View }: Panel) {
    return (
      <section key={id} id={id} class="panel" aria-label={title}>
        {state.snapshot === undefined ? (
          <h2>{title}</h2>
        ) : (
          <View state={state} snapshot={state.snapshot} send={send} goal={goal} />
        )}
      </section>
    );
  };
