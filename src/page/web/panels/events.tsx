import type { Panel } from '../panel.ts';

export const events: Panel = {
  id: 'events',
  title: 'Events',
  column: 'scene',
  View: ({ state }) => (
    <>
      <h2>{events.title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <div class="log" role="log" aria-label={events.title} tabIndex={0}>
        <ol>
          {state.events.toReversed().map(({ timeMs, text }, i) => (
            <li key={state.events.length - i}>
              <time>{clock(timeMs)}</time>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      </div>
    </>
  ),
};

const clock = (timeMs: number) => {
  const s = Math.max(0, timeMs) / 1000;
  return `${Math.floor(s / 60)}:${(s % 60).toFixed(1).padStart(4, '0')}`;
};
