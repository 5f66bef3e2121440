import type { State } from './state.ts';

/** What a person must not overlook. */
export function Notices({ state: { link, snapshot, stopWaits } }: { state: State }) {
  const over = snapshot?.phase === 'done';
  return (
    <div role="alert" class="notices">
      {link === 'lost' && (
        <p id="lost" class={over ? 'notice' : 'notice bad'}>
          {over ? (
            <>
              <strong>The run is over.</strong> This page connects again when another one starts.
            </>
          ) : (
            <>
              <strong>Link lost.</strong> What you see is old. Connecting again…
            </>
          )}
        </p>
      )}
      {stopWaits && (
        <p class="notice bad">
          <strong>E-STOP could not be sent.</strong> It goes out first when the link is back; press Ctrl-C in the
          terminal.
        </p>
      )}
      {link === 'open' && snapshot?.phase === 'stopped' && (
        <p class="notice bad">
          <strong>Emergency stop.</strong> The robot rests until you reset it.
        </p>
      )}
      {link === 'open' && snapshot && snapshot.phase !== 'stopped' && snapshot.reason !== '' && (
        <p class="notice">
          <strong>Resting:</strong> {snapshot.reason}
        </p>
      )}
    </div>
  );
}
