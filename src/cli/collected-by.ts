import type { Dataset } from '../data/dataset.ts';
import { RECORDED } from '../data/recorded.ts';

/** The command that makes a data set. */
export function collectedBy({ meta, episodes }: Dataset, dir: string): string {
  const { task, policy, seed, width, frameEvery, variations, periodMs } = meta;
  if (typeof variations.gym === 'string') {
    const picture = `--size ${width} --frame-every ${frameEvery}`;
    return `premotor collect --gym <port of ${variations.gym}> --episodes ${episodes} --seed ${seed} --max-steps ${variations.maxSteps} ${picture} --out ${dir}`;
  }
  if (policy === RECORDED) {
    const names = Array.isArray(variations.recordings) ? variations.recordings.join(' ') : '<recordings>';
    const robot = variations.format === undefined ? ' --config <robot>' : ''; // no need of one for other tools' data
    return `premotor convert ${names}${robot} --period-ms ${periodMs} --size ${width} --out ${dir}`;
  }
  const varied = Object.entries(variations).map(([name, value]) => ` --vary ${name}=${JSON.stringify(value)}`);
  const picture = `--size ${width} --frame-every ${frameEvery}`;
  return `premotor collect --task ${task} --policy ${policy} --episodes ${episodes} --seed ${seed} ${picture}${varied.join('')} --out ${dir}`;
}
