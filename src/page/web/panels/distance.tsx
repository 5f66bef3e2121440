import { ChartPanel } from '../chart-panel.tsx';
import { isAgent, type Panel } from '../panel.ts';

export const distance: Panel = {
  id: 'distance',
  title: 'Latent distance to the goal',
  column: 'charts',
  when: isAgent,
  View: ({ state }) => (
    <ChartPanel
      title={distance.title}
      samples={state.samples}
      value={(sample) => sample.distance}
      expected={(sample) => sample.expected ?? null}
      colour="distance"
      digits={2}
    >
      <p class="aside">dashed: what was foretold</p>
    </ChartPanel>
  ),
};
