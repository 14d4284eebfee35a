import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Hit } from '../api/types';
import { allFields } from '../state/fields';
import { cellContent, CopiesSign, OutcomeSign } from './cell';
import { outcomeOf } from './outcome';

interface RowProps {
  hit: Hit;
  /** All hits of the row, when there are several. */
  copies: readonly Hit[] | undefined;
  /** Its number in the whole list, from 1. */
  number: number;
  columns: readonly string[];
  zone: string;
  top: number;
  open: boolean;
  /** The column that has the place of the keyboard; -1: none of this row. */
  cursor: number;
  /** Whether cells without a value are left out. */
  omitEmpty: boolean;
  index: number;
  measure: (element: HTMLElement | null) => void;
}

/** One event of the list. What was drawn of it stays while it is scrolled. */
export function Row({
  hit,
  copies,
  number,
  columns,
  zone,
  top,
  open,
  cursor,
  omitEmpty,
  index,
  measure,
}: RowProps): VNode {
  const outcome = outcomeOf(hit);
  const cells = useMemo(
    () =>
      columns.map((name, at) => {
        const content = cellContent(hit, name, zone);
        if (omitEmpty && at > 0 && content === null) return null;
        return (
          <td
            key={name}
            role="gridcell"
            class={`column-${name}`}
            aria-colindex={at + 1}
            tabIndex={at === cursor ? 0 : -1}
          >
            {at === 0 ? (
              <>
                <OutcomeSign outcome={outcome} />
                {copies && <CopiesSign copies={copies} />}
                <button type="button" class="expand" tabIndex={-1} aria-expanded={open}>
                  {content}
                </button>
              </>
            ) : (
              content
            )}
          </td>
        );
      }),
    [hit, copies, columns, zone, open, cursor, omitEmpty, allFields.value],
  );
  const state = `${outcome === 'ok' ? '' : `failed ${outcome}`} ${open ? 'open' : ''} ${copies ? 'together' : ''}`;
  return (
    <tr
      role="row"
      class={`event-row ${state}`}
      aria-rowindex={number + 1}
      data-index={index}
      data-row={number - 1}
      ref={measure}
      style={{ transform: `translateY(${top}px)` }}
    >
      {cells}
    </tr>
  );
}
