import type { SimControl } from '../../control.ts';
import type { Stage } from '../../stage.ts';
import { useHands } from '../hands.ts';
import type { Panel, PanelProps } from '../panel.ts';

const speeds = [0.1, 0.25, 0.5, 1, 2, 4];

export const simulator: Panel = {
  id: 'simulator',
  title: 'Simulator',
  column: 'charts',
  when: ({ stage }) => stage !== undefined,
  View: ({ state: { stage }, snapshot, send }) => {
    const { sim, phase } = snapshot;
    useHands(stage!, send);
    if (!sim) return <h2>{simulator.title}</h2>;
    return (
      <>
        <h2>{simulator.title}</h2>
        <p class="sim-where">
          Episode <strong>{sim.episode}</strong>, step <strong id="sim-count">{sim.step}</strong>
        </p>
        <div class="sim-buttons">
          <Ask id="step" control={{ kind: 'step' }} send={send} disabled={phase === 'running'} text="Step" />
          <Ask id="episode" control={{ kind: 'episode' }} send={send} text="New episode" />
          <Ask id="save" control={{ kind: 'save' }} send={send} text="Save episode" />
        </div>
        <Choices stage={stage!} sim={sim} send={send} />
        <dl class="keys">
          {stage!.keys.map(({ code, does }) => (
            <div key={code}>
              <dt>
                <kbd>{keyName(code)}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </>
    );
  },
};

type Ask = {
  readonly id: string;
  readonly control: SimControl;
  readonly send: PanelProps['send'];
  readonly text: string;
  readonly disabled?: boolean;
};

function Ask({ id, control, send, text, disabled = false }: Ask) {
  return (
    <button type="button" id={`sim-${id}`} disabled={disabled} onClick={() => send(control)}>
      {text}
    </button>
  );
}

type ChoicesProps = {
  readonly stage: Stage;
  readonly sim: NonNullable<PanelProps['snapshot']['sim']>;
  readonly send: PanelProps['send'];
};

function Choices({ stage, sim, send }: ChoicesProps) {
  return (
    <div class="sim-choices">
      <Choice
        id="policy"
        label="Driven by"
        value={sim.policy}
        options={stage.policies}
        onChange={(name) => send({ kind: 'policy', name })}
      />
      <Choice
        id="speed"
        label="Speed"
        value={String(sim.speed)}
        options={speeds.map(String)}
        show={(speed) => `${speed} x`}
        onChange={(speed) => send({ kind: 'speed', speed: Number(speed) })}
      />
      {stage.cameras.length > 1 && (
        <Choice
          id="camera"
          label="Camera"
          value={sim.camera}
          options={stage.cameras}
          onChange={(name) => send({ kind: 'camera', name })}
        />
      )}
    </div>
  );
}

type ChoiceProps = {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly show?: (option: string) => string;
  readonly onChange: (option: string) => void;
};

function Choice({ id, label, value, options, show = (option) => option, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select id={`sim-${id}`} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {show(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

const arrows: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };
const keyName = (code: string) => arrows[code] ?? code.replace(/^Key|^Digit/, '');
