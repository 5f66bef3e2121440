import type { Chart } from './chart.ts';

/** A strip of pictures under each other's moments, as a PNG. */
export type Strip = { readonly caption: string; readonly png: Uint8Array };
export type Section = {
  readonly title: string;
  readonly text?: string;
  /** Rows of a table, the first one its head. */
  readonly table?: readonly (readonly string[])[];
  readonly charts?: readonly Chart[];
  readonly strips?: readonly Strip[];
};
export type Report = { readonly title: string; readonly subtitle: string; readonly sections: readonly Section[] };

/** One HTML file with everything in it: no script, nothing to load. */
export function html({ title, subtitle, sections }: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p>${escaped(subtitle)}</p></header>
<main>
${sections.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section({ title, text, table, charts = [], strips = [] }: Section): string {
  const parts = [
    `<h2>${escaped(title)}</h2>`,
    ...(text === undefined ? [] : [`<p>${escaped(text)}</p>`]),
    ...(table === undefined ? [] : [tableOf(table)]),
    ...(charts.length > 0
      ? [
          `<div class="charts">${charts.map(({ name, svg }) => `<figure role="img" aria-label="${escaped(name)}">${svg}</figure>`).join('\n')}</div>`,
        ]
      : []),
    ...strips.map(
      ({ caption, png }) =>
        `<figure class="strip"><img alt="${escaped(caption)}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"><figcaption>${escaped(caption)}</figcaption></figure>`,
    ),
  ];
  return `<section>\n${parts.join('\n')}\n</section>`;
}

function tableOf([head = [], ...rows]: NonNullable<Section['table']>): string {
  const cells = (row: readonly string[], kind: 'th' | 'td') =>
    `<tr>${row.map((cell) => `<${kind}>${escaped(cell)}</${kind}>`).join('')}</tr>`;
  const body = rows.map((row) => cells(row, 'td')).join('\n');
  return `<table><thead>${cells(head, 'th')}</thead><tbody>\n${body}\n</tbody></table>`;
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

const STYLE = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #f6f7f9 }
body { margin: 0 } header, main { max-width: 980px; margin: 0 auto; padding: 1.2rem }
h1 { margin: 0; font-size: 1.5rem } header p { margin: .2rem 0 0; color: #5a6675 }
section { background: #fff; border: 1px solid #e1e5ea; border-radius: 10px; padding: .4rem 1.2rem 1.2rem; margin-bottom: 1.2rem }
h2 { font-size: 1.1rem } .charts { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0 }
.charts svg { max-width: 100%; height: auto } .strip { margin-top: .8rem } .strip img { max-width: 100%; image-rendering: pixelated }
figcaption { color: #5a6675; font-size: .85rem } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #e1e5ea; padding: .25rem .8rem .25rem 0; text-align: left } th { font-weight: 600 }
`;
