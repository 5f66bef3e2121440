import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MANIFEST } from '../data/manifest.ts';
import { openDataset } from '../data/reader.ts';
import { UsageError } from '../errors.ts';
import type { ReportSettings } from './commands/report.ts';
import { png } from './report/chart.ts';
import { dataReport } from './report/data.ts';
import { html, type Report } from './report/page.ts';
import { rideReport } from './report/ride.ts';
import { successReport } from './report/success.ts';
import { trainingReport } from './report/training.ts';
import type { Outcome } from './verb.ts';

/** Writes one HTML file about what lies at a path, and its charts one by one where they are asked for. */
export async function report(path: string, { out, pictures }: ReportSettings): Promise<Outcome> {
  const made = await reportOf(path);
  const file = out ?? `${basename(path.replace(/\/+$/, '')).replace(/\.(jsonl?|mcap)$/, '')}.html`;
  if (existsSync(file)) throw new UsageError(`${file} is there already`, { hint: 'choose another name with --out' });
  writeFileSync(file, html(made));
  const charts = made.sections.flatMap(({ charts = [] }) => charts);
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    for (const each of charts) {
      writeFileSync(join(pictures, `${each.name}.svg`), each.svg);
      writeFileSync(join(pictures, `${each.name}.png`), await png(each));
    }
  }
  return {
    json: { report: file, title: made.title, charts: charts.map(({ name }) => name), ...(pictures && { pictures }) },
    summary: [
      `${made.title}: ${file}`,
      ...(pictures ? [`${charts.length} charts, as SVG and PNG, in ${pictures}`] : []),
    ],
  };
}

async function reportOf(path: string): Promise<Report> {
  if (!existsSync(path))
    throw new UsageError(`${path} is not there`, {
      hint: 'name a run, a data set, a recording or a file of evaluations',
    });
  if (statSync(path).isFile()) return path.endsWith('.mcap') ? rideReport(path) : successReport(path);
  if (existsSync(join(path, 'recipe.json'))) return trainingReport(path);
  if (existsSync(join(path, MANIFEST))) {
    const dataset = await openDataset(path, { verify: false });
    try {
      return await dataReport(dataset, path);
    } finally {
      dataset.close();
    }
  }
  throw new UsageError(`${path} is neither a training run nor a data set`, {
    hint: 'a run has recipe.json, a data set dataset.json; a recording is an .mcap file, evaluations a file of lines',
  });
}
