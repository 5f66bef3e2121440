import { fixed } from '../number.ts';
import { isAgent, type Panel } from '../panel.ts';

/** Width and height that the curve is drawn in, and what is kept free around it. */
const [WIDTH, HEIGHT, PAD] = [300, 84, 6];

export const search: Panel = {
  id: 'search',
  title: 'Search',
  column: 'charts',
  when: (state) => isAgent(state) && state.snapshot?.costs !== undefined,
  View: ({ snapshot: { costs = [] } }) => (
    <>
      <div class="title">
        <h2>{search.title}</h2>
        <p class="aside">cost of the plan after each refinement of the last thought</p>
        <output class="value">{fixed(costs.at(-1), 1)}</output>
      </div>
      {costs.length > 0 ? <Curve costs={costs} /> : <p class="aside">the reflex was enough</p>}
    </>
  ),
};

function Curve({ costs }: { costs: readonly number[] }) {
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const x = (i: number) => PAD + (i * (WIDTH - 2 * PAD)) / Math.max(1, costs.length - 1);
  const y = (cost: number) => PAD + ((high - cost) * (HEIGHT - 2 * PAD)) / (high - low || 1);
  const points = costs.map((cost, i) => `${x(i).toFixed(1)},${y(cost).toFixed(1)}`).join(' ');
  const label = `From ${fixed(costs[0], 1)} to ${fixed(costs.at(-1), 1)} in ${costs.length} refinements`;
  return (
    <svg class="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points} />
      {costs.map((cost, i) => (
        <circle key={i} cx={x(i)} cy={y(cost)} r="2.5" />
      ))}
    </svg>
  );
}
