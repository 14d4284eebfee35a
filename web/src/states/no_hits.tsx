import type { VNode } from 'preact';
import { isNarrowed } from '../state/ask';
import { isStale } from '../state/results';
import { status } from '../state/status';
import { later } from '../ui/later';
import { FirstUse } from './first_use';

const Explain = later(async () => (await import('../explain/explain')).Explain);

/** Nothing to show: because nothing is there yet, or because nothing matches. */
export function NoHits(): VNode {
  const isEmpty = status.value?.events === 0 || (!isNarrowed.value && !isStale.value);
  if (isEmpty) return <FirstUse />;
  return (
    <div class="message">
      <h2>No events match</h2>
      <Explain />
    </div>
  );
}
