import type { VNode } from 'preact';
import { countText } from './count';
import type { Pages } from './paged_list';
import { Visible } from './visible_text';

/** How much of a list is in sight, what went wrong with it, and a way to more. */
export function PageFoot<Row>({ pages, what }: { pages: Pages<Row>; what: string }): VNode {
  if (pages.problem.value)
    return (
      <div class="failure" role="alert">
        <Visible text={pages.problem.value} />
        <button type="button" onClick={pages.more}>
          Try again
        </button>
      </div>
    );
  return (
    <p class="actions" role="status">
      <span>
        <b>{countText(pages.rows.value.length)}</b> of <b>{countText(pages.total.value)}</b> {what}
      </span>
      {pages.cursor.value && pages.rows.value.length < pages.total.value && (
        // Never disabled, for that would take the focus from it.
        <button type="button" aria-disabled={pages.loading.value} onClick={pages.more}>
          {pages.loading.value ? 'Loading…' : `More ${what}`}
        </button>
      )}
    </p>
  );
}
