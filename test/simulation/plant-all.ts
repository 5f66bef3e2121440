// npx tsx test/simulation/plant-all.ts [--only NAME]: each planted mistake, and what caught it.
import { plant, twoAtATime } from './plant.ts';
import { planted } from './planted.ts';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const chosen = planted.filter(({ name }) => only === undefined || name.includes(only));
const caught = await twoAtATime(chosen, async (one) => {
  const found = await plant(one).catch((error: Error) => ({ name: one.name, seeds: undefined, by: error.message }));
  console.log(
    `${found.seeds === undefined ? 'NOT CAUGHT' : `${found.seeds} seeds`.padEnd(10)}  ${found.name}  ${found.by}`,
  );
  return found;
});
const missed = caught.filter(({ seeds }) => seeds === undefined);
console.log(`${caught.length - missed.length} of ${caught.length} planted mistakes caught within 200 seeds`);
process.exit(missed.length > 0 ? 1 : 0);
