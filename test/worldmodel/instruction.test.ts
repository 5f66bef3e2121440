import { describe, expect, it } from 'vitest';
import { sayable, understood } from '../../src/worldmodel/instruction.ts';
import { type Saying, sayingsOf, spoken, truthOf } from '../../src/worldmodel/words.ts';

const words = {
  block: {
    'on the left': true,
    'on the right': false,
    upright: false,
    'upside down': true,
    'tipped to the left': false,
  },
  agent: { above: true, 'left of it': false },
};
const known = sayingsOf(words);
const read = (instruction: string) =>
  understood(instruction, known).map((at) => `${known[at]!.thing} ${known[at]!.holds}`);

describe('words', () => {
  it('are sayings in an order, and which of them hold', () => {
    expect(known).toHaveLength(7);
    expect(known[5]).toEqual({ thing: 'agent', holds: 'above' });
    expect(truthOf(words)).toEqual([true, false, false, true, false, true, false]);
  });

  it('are spoken thing by thing', () => {
    expect(spoken(known.filter((_, at) => truthOf(words)[at]))).toBe(
      'the block is on the left and upside down; the agent is above',
    );
    expect(spoken(known.slice(0, 3))).toBe('the block is on the left, on the right and upright');
    expect(spoken([])).toBe('');
  });
});

describe('an instruction', () => {
  it.each([
    ['block on the left', ['block on the left']],
    ['Push the block to the left, please!', ['block on the left']],
    [
      'the block on the left and upside down; the agent above',
      ['block on the left', 'block upside down', 'agent above'],
    ],
    ['block upright on the right', ['block on the right', 'block upright']],
    ['block tipped left', ['block tipped to the left']],
    ['block tipped', ['block tipped to the left']],
    ['agent left', ['agent left of it']],
    ['upside down', ['block upside down']],
    ['upside', ['block upside down']],
    ['the block, on the left', ['block on the left']],
    ['block left, block left', ['block on the left']],
  ])('%s', (instruction, meant) => {
    expect(read(instruction)).toEqual(meant);
  });

  it('says back what it says', () => {
    for (let mask = 1; mask < 1 << known.length; mask++) {
      const some = known.filter((_, at) => mask & (1 << at));
      expect(understood(spoken(some), known).map((at) => known[at])).toEqual(some);
    }
  });

  const one: Saying[] = [{ thing: 'dot', holds: 'in the left room' }];
  it('need not name the only thing there is', () => {
    expect(understood('go to the left', one)).toEqual([0]);
  });

  it.each([
    [
      'block on the lift',
      /^"lift" is not understood in "block on the lift"$/,
      /^did you mean left\? it can be said of the block: on the left, /,
    ],
    ['left', /can be said of block and of agent/, /say which|it can be said/],
    ['not on the left', /^"not" is not understood/, /./],
    ['block', /^nothing is asked for in "block"$/, /it can be said/],
    ['', /nothing is asked for/, /./],
    ['block left then right', /^"then" is not understood/, /./],
    ['block 左', /^"左" is not understood/, /./],
    ['agent constructor', /^"constructor" is not understood/, /./],
  ])('that cannot be meant is refused: %s', (instruction, message, hint) => {
    expect(() => understood(instruction, known)).toThrow(
      expect.objectContaining({
        name: 'UsageError',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('is helped by what can be said', () => {
    expect(sayable(known)).toBe(
      'it can be said of the block: on the left, on the right, upright, upside down, tipped to the left; of the agent: above, left of it',
    );
  });
});
