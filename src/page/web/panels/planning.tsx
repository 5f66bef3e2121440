import { useRef } from 'preact/hooks';
import { isAgent, type Panel, type PanelProps } from '../panel.ts';

const MOST = 20;

export const planning: Panel = {
  id: 'planning',
  title: 'Planning',
  column: 'scene',
  when: (state) => isAgent(state) && state.snapshot?.iterations !== undefined,
  View: ({ snapshot, send }) => {
    const { iterations = 0, samples, horizon, weights = {} } = snapshot;
    const before = useRef(10); // what the switch goes back to
    if (iterations > 0) before.current = iterations;
    return (
      <>
        <h2>{planning.title}</h2>
        <div class="dials">
          <label class="switch">
            <input
              type="checkbox"
              id="think"
              checked={iterations > 0}
              onChange={(event) => send({ kind: 'tune', iterations: event.currentTarget.checked ? before.current : 0 })}
            />
            plan
          </label>
          <label>
            refinements
            <input
              type="range"
              id="iterations"
              min="1"
              max={MOST}
              value={Math.max(1, iterations)}
              disabled={iterations === 0}
              onChange={(event) => send({ kind: 'tune', iterations: Number(event.currentTarget.value) })}
            />
            <output>{iterations}</output>
          </label>
          {samples !== undefined && (
            <Choice name="samples" title="candidates" value={samples} among={[16, 32, 64, 128, 256]} send={send} />
          )}
          {horizon !== undefined && (
            <Choice name="horizon" title="blocks ahead" value={horizon} among={[1, 2, 3, 4, 5, 6, 8, 10]} send={send} />
          )}
          {Object.entries(weights).map(([name, weight]) => (
            <Weight key={name} name={name} weight={weight} send={send} />
          ))}
        </div>
      </>
    );
  },
};

type ChoiceProps = {
  readonly name: 'samples' | 'horizon';
  readonly title: string;
  readonly value: number;
  readonly among: readonly number[];
} & Pick<PanelProps, 'send'>;

/** What the mind that thinks was opened with; another one is opened while it thinks on. */
function Choice({ name, title, value, among, send }: ChoiceProps) {
  const all = [...new Set([...among, value])].sort((a, b) => a - b);
  return (
    <label>
      {title}
      <select
        id={name}
        value={value}
        onChange={(event) => send({ kind: 'tune', [name]: Number(event.currentTarget.value) })}
      >
        {all.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}

type WeightProps = { readonly name: string; readonly weight: number } & Pick<PanelProps, 'send'>;

function Weight({ name, weight, send }: WeightProps) {
  const change = (text: string) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) send({ kind: 'tune', weights: { [name]: value } });
  };
  return (
    <label>
      cost {name}
      <input
        type="number"
        id={`weight-${name}`}
        step="any"
        value={weight}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}
