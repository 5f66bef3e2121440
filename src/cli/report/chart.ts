import { fileURLToPath } from 'node:url';
import type { TopLevelSpec } from 'vega-lite';

/** A picture of a report: SVG, with a name that files can have. */
export type Chart = { readonly name: string; readonly svg: string };
/** Rows of a chart's data. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

const FONT = 'DejaVu Sans';
const config = {
  font: FONT,
  background: '#ffffff',
  axis: { labelFontSize: 11, titleFontSize: 11, grid: true, gridColor: '#eceff3', titleFontWeight: 'normal' as const },
  legend: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal' as const },
  title: { fontSize: 13, anchor: 'start' as const, fontWeight: 'normal' as const },
  view: { stroke: '#d5dae1' },
};

/** Draws a Vega-Lite specification, without a browser. */
export async function chart(name: string, spec: object): Promise<Chart> {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]);
  const whole = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config, ...spec } as TopLevelSpec;
  const view = new vega.View(vega.parse(lite.compile(whole).spec), { renderer: 'none' });
  try {
    return { name, svg: await view.toSVG() };
  } finally {
    view.finalize();
  }
}

/** Lines over steps (or another number), one for every `series`. */
export const lines = (
  name: string,
  rows: Rows,
  { title, x, y, log = false }: { title: string; x: string; y: string; log?: boolean },
): Promise<Chart> =>
  chart(name, {
    title,
    width: 370,
    height: 200,
    data: { values: rows },
    mark: { type: 'line', strokeWidth: 1.6, clip: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x },
      y: { field: 'y', type: 'quantitative', title: y, scale: log ? { type: 'log' } : { zero: false } },
      color: { field: 'series', type: 'nominal', title: null, legend: { orient: 'bottom' } },
    },
  });

/** How often values come. */
export const histogram = (name: string, rows: Rows, { title, x }: { title: string; x: string }): Promise<Chart> =>
  chart(name, {
    title,
    width: 260,
    height: 150,
    data: { values: rows },
    mark: { type: 'bar', color: '#4c78a8' },
    encoding: {
      x: { field: 'x', type: 'quantitative', bin: { maxbins: 30 }, title: x },
      y: { aggregate: 'count', title: 'how many' },
    },
  });

let fonts: string[] | undefined;

/** The same as a PNG, `scale` times as large, with a font of its own. */
export async function png({ svg }: Chart, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  fonts ??= [fontFile()];
  const options = { font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: FONT } };
  return new Resvg(svg, { ...options, fitTo: { mode: 'zoom', value: scale } }).render().asPng();
}

const fontFile = () => fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
