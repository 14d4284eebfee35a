import type { VNode } from 'preact';
import { ask, change } from '../state/ask';
import { status } from '../state/status';
import { Visible } from '../ui/visible_text';
import { reasonsBehind } from './behind';

/** Says that what is found may not be all, because deliveries fail or are late. */
export function BehindBanner(): VNode | null {
  const reasons = status.value ? reasonsBehind(status.value) : [];
  if (reasons.length === 0 || ask.value.view === 'ingest') return null;
  return (
    <section class="notice" role="status">
      <p>
        <b>Recent events may be missing:</b> <Visible text={reasons.join('; ')} />.
      </p>
      <button type="button" onClick={() => change({ view: 'ingest' })}>
        Show ingest
      </button>
    </section>
  );
}
