import { verb, work } from '../verb.ts';

/** What `premotor report` was told. */
export type ReportSettings = { readonly out?: string; readonly pictures?: string };

/** `premotor report`: a training run, a data set, a recording or evaluations as one page to look at. */
export const reportCommand = () => {
  const command = verb({
    name: 'report',
    summary: 'make one HTML page of a training run, a data set, a recording or evaluations',
    examples: [
      'report runs/two-room',
      'report data/two-room --out data.html',
      'report ride.mcap --pictures ride-pictures',
      'report runs/planners/pusht.jsonl --out planners.html',
    ],
  })
    .argument('<path>', 'folder of a run or a data set, .mcap recording, or a file of lines of eval --json')
    .option('-o, --out <file>', 'the page (default: named after the path, here)')
    .option('--pictures <dir>', 'write every chart there too, as SVG and as PNG');
  return command.action((path: string, settings: ReportSettings) =>
    work<ReportSettings>(async (options) => (await import('../report.ts')).report(path, options))(settings),
  );
};
