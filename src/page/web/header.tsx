import type { Phase, Snapshot } from '../telemetry.ts';
import { fixed } from './number.ts';
import type { State } from './state.ts';

const words: Record<Phase, string> = {
  starting: 'Starting',
  running: 'Driving',
  reached: 'Goal reached',
  paused: 'Paused',
  disarmed: 'Disarmed',
  stopped: 'Emergency stop',
  done: 'Done',
};

export function Header({ state: { snapshot, link } }: { state: State }) {
  return (
    <>
      <h1>
        premotor{' '}
        <span class="task">{snapshot?.task ?? (link === 'open' ? 'waiting for the agent' : 'connecting')}</span>
      </h1>
      {snapshot && (
        <>
          <p class={`phase ${snapshot.phase}`} role="status">
            {words[snapshot.phase]}
          </p>
          {snapshot.goals > 0 && <Goals {...snapshot} />}
          {!snapshot.sim && (
            <dl class="rates">
              <Rate label="replans" value={fixed(snapshot.replansPerSecond, 1)} unit="Hz" />
              <Rate label="frame to command" value={fixed(snapshot.frameToCommandMs, 0)} unit="ms" />
              {snapshot.dropped !== undefined && (
                <Rate label="frames passed over" value={fixed(snapshot.dropped, 0)} unit="" />
              )}
              <Rate label="refinements" value={fixed(snapshot.refinements, 0)} unit="per plan" />
            </dl>
          )}
        </>
      )}
    </>
  );
}

function Goals({ goalIndex, goals, reached, phase }: Snapshot) {
  const current = phase === 'done' ? goals : goalIndex;
  return (
    <div class="goals">
      <p>
        <span class="goal-count">
          Goal <strong>{Math.min(goalIndex + 1, goals)}</strong> of {goals}
        </span>
        <span class="reached">{reached} reached</span>
      </p>
      {goals <= 40 && (
        <ol class="pips" aria-hidden="true">
          {Array.from({ length: goals }, (_, i) => (
            <li key={i} class={i < current ? 'past' : i === current ? 'now' : ''} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Rate({ label, value, unit }: { label: string; value: string; unit: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value} <small>{unit}</small>
      </dd>
    </div>
  );
}
