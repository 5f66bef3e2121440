import { ChartPanel } from '../chart-panel.tsx';
import { isAgent, type Panel } from '../panel.ts';

export const surprise: Panel = {
  id: 'surprise',
  title: 'Surprise',
  column: 'charts',
  when: isAgent,
  View: ({ state }) => (
    <ChartPanel
      title={surprise.title}
      samples={state.samples}
      value={(sample) => sample.surprise}
      colour="surprise"
      digits={3}
    />
  ),
};
