import { ChartPanel } from '../chart-panel.tsx';
import { fixed, percentile } from '../number.ts';
import { isAgent, type Panel } from '../panel.ts';

export const planTime: Panel = {
  id: 'plan-time',
  title: 'Plan time',
  column: 'charts',
  when: isAgent,
  View: ({ state, snapshot }) => {
    const times = state.samples.flatMap(({ planMs }) => planMs ?? []);
    return (
      <ChartPanel
        title={planTime.title}
        samples={state.samples}
        value={(sample) => sample.planMs}
        colour="plan"
        digits={0}
        unit="ms"
        limit={snapshot.deadlineMs}
      >
        <p class="aside">
          p50 <b>{fixed(percentile(times, 0.5), 0)}</b> · p95 <b>{fixed(percentile(times, 0.95), 0)}</b> · p99{' '}
          <b>{fixed(percentile(times, 0.99), 0)}</b>
          {snapshot.deadlineMs !== undefined && (
            <>
              {' '}
              · <span class="deadline">deadline {fixed(snapshot.deadlineMs, 0)}</span>
            </>
          )}
        </p>
      </ChartPanel>
    );
  },
};
