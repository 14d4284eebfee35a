import type { VNode } from 'preact';
import { OfflineError } from '../api/client';
import { failure, result } from '../state/results';
import { reconnect } from '../state/server';
import { reachable } from '../state/status';

/** Says that the server is away, for as long as it is; it is asked again every few seconds. */
export function OfflineBanner(): VNode | null {
  if (reachable.value && !(failure.value instanceof OfflineError)) return null;
  return (
    <section class="failure offline" role="alert">
      <p>
        <b>The server does not answer.</b>
        {result.value && ' What is below is its last answer.'}{' '}
        <span class="quiet">It is asked again every few seconds.</span>
      </p>
      <button type="button" onClick={() => void reconnect().catch(() => undefined)}>
        Try now
      </button>
    </section>
  );
}
