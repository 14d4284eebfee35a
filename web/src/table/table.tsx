import type { VNode } from 'preact';
import { useCallback } from 'preact/hooks';
import { ask, change } from '../state/ask';
import { isStale, result } from '../state/results';
import { eventPlace } from '../state/settings';
import { countText } from '../ui/count';
import { later } from '../ui/later';
import { Grid } from './grid';
import { shownRows } from './shown_rows';
import './table.css';
import { Toolbar } from './toolbar';

const EventDetail = later(async () => (await import('../event/event')).EventDetail);

/** The hits, newest first unless told otherwise, and the one that is open. */
export function EventTable(): VNode {
  const { event } = ask.value;
  const shown = result.value;
  const rows = shownRows.value;
  // Most of the time none is, and nobody has to look through a hundred thousand rows for it.
  const open = event === '' ? -1 : rows.placeOf(event);
  const isBeside = event !== '' && (eventPlace.value === 'beside' || (shown !== undefined && open < 0));
  const close = useCallback(() => {
    change({ event: '' }, { replace: true });
    focusTable();
  }, []);
  return (
    <>
      <div class="table-top">
        <p class="count-line" role="status">
          {shown && (
            <>
              <b>{countText(shown.hits.length)}</b> of <b>{countText(shown.total)}</b> events
              <span class="quiet">
                {' '}
                loaded
                {rows.hits.length < shown.hits.length &&
                  ` in ${countText(rows.hits.length)} ${rows.hits.length === 1 ? 'row' : 'rows'}`}
                , {countText(shown.tookMs)} ms
              </span>
              {isStale.value && <span class="stale-note"> · of the search before</span>}
            </>
          )}
        </p>
        <Toolbar />
      </div>
      <div class="table-body">
        {shown ? (
          <Grid
            rows={rows}
            open={open}
            isBeside={isBeside}
            detail={() => <EventDetail id={event} onClose={close} />}
          />
        ) : (
          <Skeleton />
        )}
        {isBeside && (
          <aside
            class="event-beside"
            aria-label="Open event"
            onKeyDown={key => {
              if (key.key !== 'Escape' || key.defaultPrevented) return;
              key.stopPropagation();
              close();
            }}
          >
            <EventDetail id={event} onClose={close} />
          </aside>
        )}
      </div>
    </>
  );
}

/** Gives the focus back to the place of the keyboard in the table. */
function focusTable(): void {
  document.querySelector<HTMLElement>('.event-table [tabindex="0"]')?.focus();
}

const kSkeletonRows = 14;

function Skeleton(): VNode {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: kSkeletonRows }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}
