// npx tsx test/parity/pusht/ours.ts > pusht.json: the pushes of our fixture, and what our world and its picture make of them.
import { readFileSync } from 'node:fs';
import { pushtWorld } from '../../../sim/worlds/pusht/index.ts';
import { layoutOf } from '../../../sim/worlds/pusht/layout.ts';

const PICTURES = 6;
const SIZES = [64, 96, 224];

const { free, wall } = JSON.parse(readFileSync('test/fixtures/pusht/chipmunk.json', 'utf8'));
const world = pushtWorld(layoutOf());
type Episode = {
  readonly start: { readonly agent: number[]; readonly block: number[]; readonly angle: number };
  readonly actions: number[][];
};
const played =
  (kind: string) =>
  ({ start, actions }: Episode, index: number) => {
    const { agent, block, angle } = start;
    let state = world.decodeState([agent, block, angle, [0, 0], agent, block, angle].flat());
    for (const action of actions) state = world.step(state, action);
    const end = [...state.agent, ...state.block, state.angle];
    const picture = (size: number) => Buffer.from(world.render(state, size).data).toString('base64');
    const pictures = index < PICTURES ? Object.fromEntries(SIZES.map((size) => [size, picture(size)])) : {};
    return { kind, start: [agent, block, angle].flat(), actions, end, pictures };
  };
process.stdout.write(JSON.stringify([...free.map(played('free')), ...wall.map(played('wall'))]));
