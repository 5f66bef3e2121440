import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { type Sample, windowMs } from './state.ts';

export type ChartProps = {
  readonly samples: readonly Sample[];
  readonly value: (sample: Sample) => number | null;
  /** What it was expected to be: a dashed line. */
  readonly expected?: (sample: Sample) => number | null;
  /** The name of a colour in the style sheet: `--chart-<colour>`. */
  readonly colour: string;
  /** Called with the sample under the pointer, the same in every chart; `undefined` when it leaves. */
  readonly onPoint?: (sample: Sample | undefined) => void;
  /** A level to stay below. */
  readonly limit?: number | undefined;
  readonly label: string;
};

/** One value over the last 30 seconds; a dashed upright line where a goal changed. */
export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();

  useEffect(() => {
    const element = box.current!;
    plot.current = new uPlot(options(element, theme, latest), data(latest.current), element);
    const resize = new ResizeObserver(() => plot.current?.setSize(sizeOf(element)));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.current?.destroy();
    };
  }, [theme]);
  useLayoutEffect(() => plot.current?.setData(data(props)), [props.samples]);

  return <div ref={box} class="chart" role="img" aria-label={props.label} />;
}

const seconds = (samples: readonly Sample[]) => {
  const now = samples.at(-1)?.timeMs ?? 0;
  return samples.map(({ timeMs }) => (timeMs - now) / 1000);
};
const data = ({ samples, value, expected }: ChartProps): uPlot.AlignedData => [
  seconds(samples),
  samples.map(value),
  ...(expected ? [samples.map(expected)] : []),
];
const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({ width: clientWidth, height: clientHeight });

function options(element: HTMLElement, theme: string, props: { readonly current: ChartProps }): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const stroke = colour(`chart-${props.current.colour}`);
  const font = `11px ${style.fontFamily}`;
  const grid = { stroke: colour('line'), width: 1 };
  const axis = { stroke: colour('muted'), font, grid, ticks: { show: false } };
  return {
    ...sizeOf(element),
    class: theme,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'live' }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
    scales: {
      x: { time: false, range: [-windowMs / 1000, 0] },
      y: { range: (_, __, high) => [0, Math.max(high ?? 0, props.current.limit ?? 0, 1e-3) * 1.12] },
    },
    axes: [
      { ...axis, size: 22, gap: 4, splits: () => [-30, -25, -20, -15, -10, -5, 0], values: (_, s) => s.map(ago) },
      { ...axis, size: 40, gap: 6, space: 28 },
    ],
    series: [
      {},
      { stroke, width: 1.75, fill: `${stroke}1f`, points: { show: false } },
      ...(props.current.expected
        ? [{ stroke: colour('muted'), width: 1.25, dash: [5, 4], points: { show: false } }]
        : []),
    ],
    hooks: {
      setCursor: [({ cursor }) => props.current.onPoint?.(props.current.samples[cursor.idx ?? -1])],
      draw: [(plot) => drawMarks(plot, props.current, colour)],
    },
  };
}

const ago = (s: number) => (s === 0 ? 'now' : s % 10 === 0 ? `${-s} s` : '');

function drawMarks(plot: uPlot, { samples, limit }: ChartProps, colour: (name: string) => string) {
  const { ctx: pen, bbox } = plot;
  const line = (name: string, x0: number, y0: number, x1: number, y1: number) => {
    pen.strokeStyle = colour(name);
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  };
  pen.save();
  pen.lineWidth = devicePixelRatio;
  pen.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  const xs = seconds(samples);
  samples.forEach(({ goalIndex }, i) => {
    if (i === 0 || goalIndex === samples[i - 1]!.goalIndex) return;
    const x = plot.valToPos(xs[i]!, 'x', true);
    line('muted', x, bbox.top, x, bbox.top + bbox.height);
  });
  if (limit !== undefined) {
    const y = plot.valToPos(limit, 'y', true);
    line('bad', bbox.left, y, bbox.left + bbox.width, y);
  }
  pen.restore();
}

/** `light` or `dark`, and told anew when the system changes it: a canvas does not restyle itself. */
function useTheme(): string {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const change = () => setDark(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return dark ? 'dark' : 'light';
}
