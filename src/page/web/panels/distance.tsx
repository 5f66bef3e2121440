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
      colour="distance"
      digits={2}
    />
  ),
};
