import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/worldmodel/checkpoint.ts';
import { ended, lastLine, premotor, start } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'premotor-train-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = '--channels 8,8,8 --latent-dim 8 --hidden 16 --predictor-hidden 16 --critic-hidden 16'.split(' ');
const short = ['--steps', '60', '--critic-steps', '5', '--save-every', '5', '--monitor-every', '30', '--batch', '8'];
const train = (out: string, ...more: string[]) => [
  'train',
  '--data',
  at('data'),
  '--out',
  at(out),
  ...small,
  ...short,
  ...more,
];

const steps = (out: string) =>
  readFileSync(join(at(out), 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step: number }).step);

describe('premotor train', () => {
  beforeAll(async () => {
    expect((await premotor('collect', '--episodes', '24', '--size', '32', '--out', at('data'))).code).toBe(0);
  });

  it('makes a checkpoint with a card, and one JSON object', async () => {
    const { code, stdout, stderr } = await premotor(...train('whole', '--json'));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(lastLine(stdout)).toMatchObject({
      step: 60,
      objective: 'sigreg',
      checkpoint: join(at('whole'), 'checkpoint'),
    });
    expect(loadCheckpoint(join(at('whole'), 'checkpoint')).config.encoder.latentDim).toBe(8);
    expect(readFileSync(join(at('whole'), 'checkpoint/README.md'), 'utf8')).toContain(
      'premotor collect --task two-room',
    );
    expect(steps('whole')).toEqual([20, 30, 40, 60]);
  });

  /** Kills it as soon as it has learnt some of a part. */
  const killedIn = async (out: string, part: string, words: readonly string[]) => {
    const child = start(words);
    const state = join(at(out), 'state', part, 'step.json');
    const watch = setInterval(() => {
      if (existsSync(state)) child.kill('SIGKILL');
    }, 5);
    await ended(child);
    clearInterval(watch);
    expect(existsSync(join(at(out), 'checkpoint'))).toBe(false);
  };

  it('killed at any moment and resumed, gives the same weights bit for bit', async () => {
    await killedIn('cut', 'world', train('cut'));
    const { code, stderr } = await premotor('train', '--resume', '--out', at('cut'));
    expect(code).toBe(0);
    expect(stderr).toMatch(/going on after step \d+/);
    const [whole, cut] = ['whole', 'cut'].map((name) => loadCheckpoint(join(at(name), 'checkpoint')).hash);
    expect(cut).toBe(whole);
    expect(steps('cut')).toEqual(steps('whole'));
  });

  it('cut off after its last step, while heads are learnt, and resumed: the same again', async () => {
    const card = () => readFileSync(join(at('cut'), 'checkpoint/README.md'), 'utf8').replace(/in \d+ s on/, '');
    const [{ hash }, told] = [loadCheckpoint(join(at('cut'), 'checkpoint')), card()];
    rmSync(join(at('cut'), 'checkpoint'), { recursive: true });
    expect((await premotor('train', '--resume', '--out', at('cut'))).code).toBe(0);
    expect(loadCheckpoint(join(at('cut'), 'checkpoint')).hash).toBe(hash);
    expect(card()).toBe(told);
  });

  it('killed twice while heads are learnt, goes on there, and gives the same again', async () => {
    const heads = ['predictor', 'critic', 'reflex', 'ensemble', 'lexicon', 'harden'].flatMap((head) => [
      `--${head}-steps`,
      '60',
    ]);
    const words = (out: string) => [
      'train',
      '--data',
      at('data'),
      '--from',
      join(at('whole'), 'checkpoint'),
      '--out',
      at(out),
      '--save-every',
      '5',
      ...heads,
    ];
    expect((await premotor(...words('heads'))).code).toBe(0);
    const resume = ['train', '--resume', '--out', at('stopped')];
    await killedIn('stopped', 'critic', words('stopped'));
    await killedIn('stopped', 'hardening', resume);
    const learnt = join(at('stopped'), 'state/critic/state.safetensors');
    const { mtimeMs } = statSync(learnt);
    const { code, stderr } = await premotor(...resume);
    expect(code).toBe(0);
    expect(stderr).toMatch(/going on after step \d+ of the hardening/);
    expect(statSync(learnt).mtimeMs).toBe(mtimeMs); // was learnt before
    const [whole, cut] = ['heads', 'stopped'].map((name) => loadCheckpoint(join(at(name), 'checkpoint')));
    expect(cut!.hash).toBe(whole!.hash);
    expect(Object.keys(cut!.params)).toEqual(Object.keys(whole!.params));
  });

  it('learns critic and reflex from demonstrations of their own, which nobody is judged by', async () => {
    const collect = (out: string, ...more: string[]) =>
      premotor('collect', '--episodes', '20', '--seed', '9', '--size', '32', '--out', at(out), ...more);
    expect((await collect('shown', '--policy', 'expert')).code).toBe(0);
    const heads = ['--reflex-steps', '5', '--reflex-hidden', '16', '--reflex-modes', '2'];
    expect((await premotor(...train('own', ...heads))).code).toBe(0);
    expect((await premotor(...train('skilled', ...heads, '--demonstrations', at('shown')))).code).toBe(0);
    const [own, skilled] = ['own', 'skilled'].map((name) => loadCheckpoint(join(at(name), 'checkpoint')));
    const same = (name: string) => expect([...skilled!.params[name]!]).toEqual([...own!.params[name]!]);
    for (const name of ['encoder.c0.w', 'predictor.in.w']) same(name);
    for (const name of ['critic.in.w', 'reflex.l0.w']) expect(() => same(name)).toThrow();
    expect(skilled!.config.reflex).toMatchObject({ hidden: 16, modes: 2 });
    expect(skilled!.config.demonstrations).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(join(at('skilled'), 'checkpoint/README.md'), 'utf8')).toMatch(
      /Demonstrations: 20 episodes, policy `expert`, seed 9/,
    );

    const judged = await premotor(
      'eval',
      '--data',
      at('shown'),
      '--checkpoint',
      join(at('skilled'), 'checkpoint'),
      '--episodes',
      '2',
    );
    expect(judged.code).toBe(2);
    expect(judged.stderr).toContain('goals must come from episodes never trained on');
    rmSync(join(at('skilled'), 'checkpoint'), { recursive: true });
    expect((await premotor('train', '--resume', '--out', at('skilled'))).code).toBe(0);
    expect(loadCheckpoint(join(at('skilled'), 'checkpoint')).hash).toBe(skilled!.hash);

    expect((await premotor('collect', '--episodes', '2', '--size', '16', '--out', at('coarse'))).code).toBe(0);
    const refused = await premotor(...train('refused', ...heads, '--demonstrations', at('coarse')));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /^error: demonstrations must be of the same task, picture size, .*\(two-room, 32, 5, 100\), got two-room, 16, 5, 100 in .*\nhint: /,
    );
  });

  it('goes on with a checkpoint: what no steps are given for stays, and the card says what was done', async () => {
    const from = ['train', '--data', at('data'), '--from', join(at('whole'), 'checkpoint')];
    const checkpointIn = (name: string) => loadCheckpoint(join(at(name), 'checkpoint'));
    const same = (one: string, other: string, name: string) =>
      expect([...checkpointIn(one).params[name]!]).toEqual([...checkpointIn(other).params[name]!]);
    const harder = await premotor(...from, '--harden-steps', '4', '--out', at('hard'), '--json');
    expect(harder.code).toBe(0);
    const { hardness } = lastLine(harder.stdout) as { hardness: Record<string, Record<string, number>> };
    expect(hardness.before!.clean).toBe(0);
    expect(hardness.after!.clean).toBeGreaterThan(0);
    for (const name of ['predictor.in.w', 'critic.in.w', 'probe.w', 'landmarks']) same('hard', 'whole', name);
    expect(() => same('hard', 'whole', 'encoder.c0.w')).toThrow();
    const card = readFileSync(join(at('hard'), 'checkpoint/README.md'), 'utf8');
    expect(card).toContain(checkpointIn('whole').hash);
    expect(card).toMatch(
      /60 steps of 8 clips[\s\S]*## Then[\s\S]*the world model stays[\s\S]*hardening 4[\s\S]*noise of 25.5 grey levels/,
    );

    const { hash } = checkpointIn('hard');
    rmSync(join(at('hard'), 'checkpoint'), { recursive: true }); // cut off before it was written
    expect((await premotor('train', '--resume', '--out', at('hard'))).code).toBe(0);
    expect(checkpointIn('hard').hash).toBe(hash);

    const worded = await premotor(...from, '--lexicon-steps', '40', '--out', at('worded'), '--json');
    expect(worded.code).toBe(0);
    const { said } = lastLine(worded.stdout) as { said: { thing: string; holds: string; right: number }[] };
    expect(said.map(({ thing, holds }) => `${thing} ${holds}`)).toContain('dot in the doorway');
    for (const { right } of said) expect(right).toBeGreaterThan(0.3);
    for (const name of ['encoder.c0.w', 'predictor.in.w', 'critic.in.w', 'probe.w', 'landmarks'])
      same('worded', 'whole', name);
    expect(checkpointIn('worded').config).toMatchObject({ calibration: checkpointIn('whole').config.calibration });
    expect(readFileSync(join(at('worded'), 'checkpoint/README.md'), 'utf8')).toMatch(
      /## Then[\s\S]*lexicon 40[\s\S]*\| dot in the left room \| [\d.]+ \| [\d.]+ \|/,
    );
    const facts = ['--episodes', '3', '--checkpoint', join(at('worded'), 'checkpoint'), '--json'];
    const evaluated = await premotor('eval', '--in-words', ...facts);
    expect({ code: evaluated.code, told: lastLine(evaluated.stdout) }).toMatchObject({
      code: 0,
      told: { inWords: true, episodes: 3 },
    });

    const report = await premotor('report', at('hard'), '--out', at('hard.html'));
    expect({ code: report.code, stderr: report.stderr }).toMatchObject({ code: 0 });
    expect(readFileSync(at('hard.html'), 'utf8')).toContain('What was learnt');

    const skilled = await premotor(...from, '--reflex-steps', '3', '--reflex-hidden', '16', '--out', at('reflexive'));
    expect(skilled.code).toBe(0);
    same('reflexive', 'whole', 'encoder.c0.w');
    expect(checkpointIn('reflexive').config).toMatchObject({ reflex: { hidden: 16 }, critic: { hidden: 16 } });

    const foresighted = await premotor(
      ...from,
      '--predictor-steps',
      '3',
      '--demonstrations',
      at('shown'),
      '--out',
      at('foresighted'),
    );
    expect(foresighted.code).toBe(0);
    for (const name of ['encoder.c0.w', 'critic.in.w', 'landmarks']) same('foresighted', 'whole', name);
    expect(() => same('foresighted', 'whole', 'predictor.in.w')).toThrow();
    expect(readFileSync(join(at('foresighted'), 'checkpoint/README.md'), 'utf8')).toContain('predictor 3');

    const further = await premotor(
      ...from,
      '--steps',
      '10',
      '--critic-steps',
      '0',
      '--batch',
      '8',
      '--out',
      at('further'),
    );
    expect(further.code).toBe(0);
    expect(checkpointIn('further').config.critic).toBeUndefined(); // it was learnt on other latents
    expect(() => same('further', 'whole', 'encoder.c0.w')).toThrow();
    same('further', 'whole', 'pixelMean');
    expect(steps('further')).toEqual([10]);
  });

  it('settles how plans are made, and changes nothing else', async () => {
    const from = ['train', '--data', at('data'), '--from', join(at('whole'), 'checkpoint')];
    const { code } = await premotor(...from, '--plan-cost', 'sum', '--plan-refinements', '3', '--out', at('settled'));
    expect(code).toBe(0);
    const again = await premotor(
      ...['train', '--data', at('data'), '--from', join(at('settled'), 'checkpoint')],
      ...['--plan-refinements', '4', '--plan-planner', 'predictive', '--plan-steady', '0.1', '--plan-near', '0.02'],
      ...['--critic-steps', '3', '--critic-farthest', '2', '--critic-noise', '0.1', '--critic-expectile', '0.5'],
      ...['--out', at('resettled')],
    );
    expect(again.code).toBe(0);
    const [whole, settled, resettled] = ['whole', 'settled', 'resettled'].map((name) =>
      loadCheckpoint(join(at(name), 'checkpoint')),
    );
    expect(settled!.hash).toBe(whole!.hash);
    expect(settled!.config.planning).toEqual({ cost: 'sum', refinements: 3 });
    const told = { planner: 'predictive', steady: 0.1, refinements: 4, near: 0.02 };
    expect(resettled!.config.planning).toEqual({ cost: 'sum', ...told });
  });

  it.each([
    [['--steps', '0'], /^error: --steps must be at least 1, got 0\nhint: --from/],
    [['--from', 'WHOLE'], /^error: there is nothing to learn: .* stays as it is\nhint: give --steps, /],
    [['--plan-cost', 'hope'], /^error: cost must be one of auto, last, sum, critic, arrival, got "hope"/],
    [['--plan-planner', 'predictiv'], /^error: --plan-planner must be one of .*\nhint: did you mean predictive\?/],
    [['--plan-cost', 'critic', '--critic-steps', '0'], /^error: cost critic needs a checkpoint with a critic\nhint: /],
    [['--from', 'WHOLE', '--encoder', 'conv'], /--from <checkpoint>' cannot be used with option '--encoder <name>'/],
    [
      ['--from', 'nowhere', '--steps', '5'],
      /^error: checkpoint .*nowhere: config.json cannot be read \(ENOENT\)\nhint: /,
    ],
    [
      ['--from', 'WHOLE', '--steps', '5', '--data', 'COARSE'],
      /^error: to go on with .*, episodes must have pictures of 32 px, 2 numbers in an action, 100 ms a step; got pictures of 16 px, .*\nhint: /,
    ],
  ])('says in a line what is wrong with %s', async (options, line) => {
    const named = options.map(
      (word) => ({ WHOLE: join(at('whole'), 'checkpoint'), COARSE: at('coarse') })[word] ?? word,
    );
    const { code, stderr } = await premotor('train', '--data', at('data'), '--out', at('never'), ...named);
    expect({ code: code === 0, said: stderr }).toMatchObject({ code: false, said: expect.stringMatching(line) });
    expect(existsSync(at('never'))).toBe(false);
  });

  it('neither overwrites a run nor resumes one on other data', async () => {
    expect((await premotor(...train('whole'))).stderr).toMatch(/holds a run already\nhint: go on with --resume/);
    const recipe = join(at('cut'), 'recipe.json');
    writeFileSync(recipe, readFileSync(recipe, 'utf8').replace(/"datasetHash": "\w{4}/, '"datasetHash": "0000'));
    const { code, stderr } = await premotor('train', '--resume', '--out', at('cut'));
    expect(code).toBe(2);
    expect(stderr).toContain('is not the one that the run');
  });

  it('says in a line that a training state is damaged', async () => {
    const recipe = join(at('whole'), 'recipe.json');
    expect(existsSync(recipe)).toBe(true);
    truncateSync(join(at('whole'), 'state/world/state.safetensors'), 100);
    const { code, stderr } = await premotor('train', '--resume', '--out', at('whole'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the training state in .* cannot be read: .*\nhint: /m);
  });
});
