import { fixed } from '../number.ts';
import type { Panel } from '../panel.ts';

export const action: Panel = {
  id: 'action',
  title: 'Action',
  column: 'scene',
  View: ({ snapshot: { action: values, low, high, names } }) => (
    <>
      <h2>{action.title}</h2>
      <ul class="axes">
        {values.map((value, i) => (
          <Axis key={i} name={names?.[i] ?? `axis ${i + 1}`} value={value} low={low[i] ?? -1} high={high[i] ?? 1} />
        ))}
      </ul>
    </>
  ),
};

type AxisProps = { readonly name: string; readonly value: number; readonly low: number; readonly high: number };

/** A bar from zero (or from the limit nearer to it) to the value, between the limits. */
function Axis({ name, value, low, high }: AxisProps) {
  const at = (x: number) => (100 * (Math.min(high, Math.max(low, x)) - low)) / (high - low || 1);
  const zero = at(0);
  const end = at(value);
  return (
    <li>
      <span class="axis-name">{name}</span>
      <span class="limit">{fixed(low, 1)}</span>
      <span class="track">
        <span class="zero" style={{ left: `${zero}%` }} />
        <span class="bar" style={{ left: `${Math.min(zero, end)}%`, width: `${Math.abs(end - zero)}%` }} />
      </span>
      <span class="limit">{fixed(high, 1)}</span>
      <output>{fixed(value, 2)}</output>
    </li>
  );
}
