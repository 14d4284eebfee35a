import type { VNode } from 'preact';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';
import type { Pages } from './pages';

/** How much of a list is in sight, what went wrong with it, and a way to more. */
export function PageFoot<Row>({ pages, what }: { pages: Pages<Row>; what: string }): VNode {
  if (pages.problem.value)
    return (
      <p class="failure" role="alert">
        <Visible text={pages.problem.value} />
      </p>
    );
  return (
    <p class="actions" role="status">
      <span>
        <b>{countText(pages.rows.value.length)}</b> of <b>{countText(pages.total.value)}</b> {what}
      </span>
      {pages.cursor.value && pages.rows.value.length < pages.total.value && (
        <button type="button" disabled={pages.loading.value} onClick={pages.more}>
          {pages.loading.value ? 'Loading…' : `More ${what}`}
        </button>
      )}
    </p>
  );
}
