import type { VNode } from 'preact';
import { run } from '../state/results';

/** Stands where events would be when the first search was given up. */
export function Cancelled(): VNode {
  return (
    <div class="message">
      <h2>The search was cancelled</h2>
      <button type="button" class="primary" onClick={() => void run()}>
        Search again
      </button>
    </div>
  );
}
