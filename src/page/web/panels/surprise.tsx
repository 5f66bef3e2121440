import { ChartPanel } from '../chart-panel.tsx';
import { fixed } from '../number.ts';
import { isAgent, type Panel } from '../panel.ts';

export const surprise: Panel = {
  id: 'surprise',
  title: 'Surprise',
  column: 'charts',
  when: isAgent,
  View: ({ state, snapshot: { surpriseLimit } }) => (
    <ChartPanel
      title={surprise.title}
      samples={state.samples}
      value={(sample) => sample.surprise}
      colour="surprise"
      digits={3}
      limit={surpriseLimit}
    >
      {surpriseLimit !== undefined && (
        <p class="aside">
          <span class="deadline">rarely above {fixed(surpriseLimit, 1)}</span>
        </p>
      )}
    </ChartPanel>
  ),
};
