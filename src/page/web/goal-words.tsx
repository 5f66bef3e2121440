import { useState } from 'preact/hooks';
import { type Saying, spoken } from '../../worldmodel/words.ts';
import type { PanelProps } from './panel.ts';

type Props = Pick<PanelProps, 'send'> & {
  /** What can be asked for. */
  readonly sayings: readonly Saying[];
};

/** Another goal, in words. They are chosen and not typed: Space is the e-stop, also here. */
export function GoalWords({ sayings, send }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const turn = (at: number) =>
    setChosen(new Set(chosen.has(at) ? [...chosen].filter((one) => one !== at) : [...chosen, at]));
  const words = spoken(sayings.filter((_, at) => chosen.has(at)));
  const things = [...new Set(sayings.map(({ thing }) => thing))];
  return (
    <div class="goal-words">
      {things.map((thing) => (
        <fieldset key={thing}>
          <legend>the {thing} is</legend>
          {sayings.map(
            (saying, at) =>
              saying.thing === thing && (
                <button type="button" key={saying.holds} aria-pressed={chosen.has(at)} onClick={() => turn(at)}>
                  {saying.holds}
                </button>
              ),
          )}
        </fieldset>
      ))}
      <button type="button" id="goal-ask" disabled={words === ''} onClick={() => send({ kind: 'ask', words })}>
        Want this
      </button>
    </div>
  );
}
