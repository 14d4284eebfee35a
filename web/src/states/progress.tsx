import type { VNode } from 'preact';
import { cancel, cancelled, isStale, loading, result } from '../state/results';

/** Shows that an answer is awaited, and gives it up on demand; what is then in sight answers another question. */
export function Progress(): VNode {
  return (
    <>
      <div class="progress" data-shown={loading.value} aria-hidden={!loading.value}>
        <div class="progress-bar" />
        {loading.value && (
          <button type="button" onClick={cancel}>
            Cancel <kbd>Esc</kbd>
          </button>
        )}
      </div>
      {cancelled.value && result.value && (
        <p class="notice" role="status">
          The search was cancelled.{isStale.value && ' What is below answers the question before.'}
        </p>
      )}
    </>
  );
}
