import { useRef } from 'preact/hooks';
import { isAgent, type Panel, type PanelProps } from '../panel.ts';

const MOST = 20;

export const planning: Panel = {
  id: 'planning',
  title: 'Planning',
  column: 'scene',
  when: (state) => isAgent(state) && state.snapshot?.iterations !== undefined,
  View: ({ snapshot, send }) => {
    const { iterations = 0, weights = {} } = snapshot;
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
          {Object.entries(weights).map(([name, weight]) => (
            <Weight key={name} name={name} weight={weight} send={send} />
          ))}
        </div>
      </>
    );
  },
};

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
