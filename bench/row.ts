/** One measured figure, beside what it is compared with, measured in the same run. */
export type Row = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: { readonly name: string; readonly value: number };
  /** value / baseline, turned so that above 1 is better. */
  readonly ratio?: number;
};

export const row = (
  name: string,
  value: number,
  unit: string,
  baseline?: { readonly name: string; readonly value: number },
  better: 'higher' | 'lower' = 'higher',
): Row => ({
  name,
  value,
  unit,
  ...(baseline ? { baseline, ratio: better === 'higher' ? value / baseline.value : baseline.value / value } : {}),
});

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Runs `work` some times, after warming up; milliseconds of each. */
export async function timed(times: number, work: () => unknown, warmup = 2): Promise<number[]> {
  const found: number[] = [];
  for (let i = -warmup; i < times; i++) {
    const began = performance.now();
    await work();
    if (i >= 0) found.push(performance.now() - began);
  }
  return found;
}

/** The rows as a table. */
export function table(rows: readonly Row[]): string {
  const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const cells = [
    ['what', 'value', 'unit', 'compared with', 'ratio'],
    ...rows.map(({ name, value, unit, baseline, ratio }) => [
      name,
      number(value),
      unit,
      baseline ? `${baseline.name}: ${number(baseline.value)}` : '',
      ratio ? `${number(ratio)} x` : '',
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
