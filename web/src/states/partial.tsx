import type { VNode } from 'preact';
import { cancelled, isStale, loading, result } from '../state/results';
import { countText } from '../ui/count';
import { Narrower } from './narrower';

/** Says how much was searched while that is not all: because it goes on, was cancelled, or took too long. */
export function PartialBanner(): VNode | null {
  const partial = result.value?.partial;
  if (!partial || isStale.value) return null;
  const { searched_events: searched, events } = partial;
  const share = `${countText(searched)} of ${countText(events)} events`;
  const end = cancelled.value ? 'before it was cancelled' : 'in the time that a search may take';
  return (
    <section class="notice" role="status">
      <p>
        {loading.value ? (
          <>
            <b>{Math.floor((100 * searched) / events)} % searched:</b> {share}. The search goes on.
          </>
        ) : (
          <>
            <b>Not all was searched:</b> {share} {end}.
          </>
        )}{' '}
        The newest parts come first. All that is shown is of these.
      </p>
      {!loading.value && <Narrower />}
    </section>
  );
}
