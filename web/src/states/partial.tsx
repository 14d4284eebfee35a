import type { VNode } from 'preact';
import { isStale, result } from '../state/results';
import { countText } from '../ui/count';
import { Narrower } from './narrower';

/** Says so when the time was over before all was searched. */
export function PartialBanner(): VNode | null {
  const partial = result.value?.partial;
  if (!partial || isStale.value) return null;
  return (
    <section class="notice" role="status">
      <p>
        <b>Not all was searched:</b> {countText(partial.searched_events)} of {countText(partial.events)}{' '}
        events in the time that a search may take, the newest parts first. All that is shown is of these.
      </p>
      <Narrower />
    </section>
  );
}
