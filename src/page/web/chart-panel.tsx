import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Chart, type ChartProps } from './chart.tsx';
import { fixed } from './number.ts';
import type { Sample } from './state.ts';

type Props = Omit<ChartProps, 'onPoint' | 'label'> & {
  readonly title: string;
  readonly digits: number;
  readonly unit?: string;
  readonly children?: ComponentChildren;
};

/** A chart under its name and its value: now, or under the pointer. */
export function ChartPanel({ title, digits, unit = '', children, ...chart }: Props) {
  const [pointed, setPointed] = useState<Sample>();
  const now = chart.samples.at(-1);
  const shown = pointed ?? now;
  const label = `${title} over the last 30 seconds`;
  return (
    <>
      <div class="title">
        <h2>{title}</h2>
        {children}
        <output class="value">
          {shown && fixed(chart.value(shown), digits)} <small>{unit}</small>
        </output>
      </div>
      <Chart {...chart} label={label} onPoint={setPointed} />
    </>
  );
}
