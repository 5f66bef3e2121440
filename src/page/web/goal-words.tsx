import { useState } from 'preact/hooks';
import type { PanelProps } from './panel.ts';

type Props = Pick<PanelProps, 'send'> & {
  /** What can be said. */
  readonly sayable: string;
};

/** Another goal, in words. */
export function GoalWords({ sayable, send }: Props) {
  const [words, setWords] = useState('');
  return (
    <form
      class="goal-picker"
      onSubmit={(event) => {
        event.preventDefault();
        if (words.trim() !== '') send({ kind: 'ask', words });
      }}
    >
      <label>
        Say what shall be:
        <input
          type="text"
          id="goal-words"
          maxLength={200}
          value={words}
          title={sayable}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      <button type="submit" id="goal-ask">
        Want this
      </button>
      <p class="aside">{sayable}</p>
    </form>
  );
}
