import { signal } from '@preact/signals';
import type { VirtualItem } from '@tanstack/virtual-core';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Hit } from '../api/types';
import { ask, change } from '../state/ask';
import { isStale, result } from '../state/results';
import { columnWidths, density, wrap } from '../state/settings';
import { isNarrow } from '../ui/media';
import { useWidth } from '../ui/width';
import { cellTitle } from './cell';
import { laidOut } from './columns';
import { Headings } from './headings';
import type { Rows } from './copies';
import { clamped, stepped, type Cursor } from './keyboard';
import { followScroll, mayHaveMore } from './more';
import { Row } from './row';
import { Items, type Item } from './rows';
import { Tail } from './tail';
import { fitWidth } from './fit';
import { DocumentOrder, Slots } from './slots';
import { useVirtualList } from './virtual_list';

const kRowHeights = { compact: 26, roomy: 36 } as const;
const kCardHeight = 74;
const kHeadHeight = 30;

/** The place of the keyboard. */
const cursor = signal<Cursor>({ row: 0, column: 0 });

/** Whether the cell in focus tells what its signs stand for; Escape ends that. */
const isTold = signal(true);

/** The place among the rows to which the table is to go, once. */
export const wantedPlace = signal<number | undefined>(undefined);

interface GridProps {
  rows: Rows;
  /** The place of the row that has the event that is open; -1: none. */
  open: number;
  /** Whether that is open beside the table, and not below its row. */
  isBeside: boolean;
  detail: () => VNode;
}

/** The list of events, of which only what is in sight is in the document. */
export function Grid({ rows, open, isBeside, detail }: GridProps): VNode {
  const { hits } = rows;
  const { columns, zone, event: openId } = ask.value;
  const scroller = useRef<HTMLDivElement>(null);
  const mustFocus = useRef(false);
  const available = useWidth(scroller, 0);
  const narrow = isNarrow.value;
  const hasTail = mayHaveMore(result.value);
  const below = isBeside ? -1 : open;
  const items = useMemo(() => new Items(hits, below, hasTail), [rows, below, hasTail]);
  const widths = laidOut(columns, columnWidths.value, available);
  const at = clamped(cursor.value, { rows: hits.length, columns: columns.length, page: 1 });
  const isMeasured = narrow || wrap.value === 'yes';
  const rowHeight = narrow ? kCardHeight : kRowHeights[density.value];
  const list = useVirtualList({
    items,
    scroller,
    rowHeight,
    isMeasured,
    headHeight: narrow ? 0 : kHeadHeight,
    kept: at.row >= 0 ? items.indexOf(at.row) : undefined,
  });
  const shown = list.getVirtualItems();
  const drawn = useDrawn(shown, items, !isMeasured, list.isScrolling);
  const hadFocus = scroller.current?.contains(document.activeElement) ?? false;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => followScroll(items, last), [items, last]);

  useLayoutEffect(() => {
    cursor.value = { row: 0, column: 0 };
    scroller.current?.scrollTo({ top: 0 });
  }, [result.value?.listAsked]);
  useLayoutEffect(() => {
    if (below >= 0) list.scrollToIndex(items.indexOf(below), { align: 'auto' });
  }, [openId, below >= 0]);
  useLayoutEffect(() => {
    if (wantedPlace.value === undefined) return;
    list.scrollToIndex(items.indexOf(wantedPlace.value), { align: 'start' });
    cursor.value = { ...at, row: wantedPlace.value };
    wantedPlace.value = undefined;
  }, [wantedPlace.value]);
  useLayoutEffect(() => {
    const isLost = hadFocus && !scroller.current?.contains(document.activeElement);
    if (!mustFocus.current && !isLost) return;
    focusCell(scroller.current, at, mustFocus.current);
    mustFocus.current = false;
  });

  const goTo = (to: Cursor): void => {
    mustFocus.current = true;
    cursor.value = to;
  };
  const toggle = (row: number): void => {
    change({ event: row === open ? '' : (hits[row]?.id ?? '') }, { replace: true });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') isTold.value = false;
    if (event.key === 'Escape' && openId !== '' && !event.defaultPrevented) {
      change({ event: '' }, { replace: true });
      goTo({ ...at, row: below >= 0 ? below : at.row });
      event.stopPropagation();
      return;
    }
    if (!(event.target as Element).closest('.event-row, .heading-row') || event.altKey) return;
    const page = Math.max(1, Math.floor((list.scrollRect?.height ?? 0) / rowHeight) - 1);
    const far = event.ctrlKey || event.metaKey;
    const to = stepped(at, event.key, far, { rows: hits.length, columns: columns.length, page });
    if (to) goTo(to);
    else if ((event.key === 'Enter' || event.key === ' ') && at.row >= 0 && !far) toggle(at.row);
    else return;
    event.preventDefault();
  };
  const click = (event: MouseEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>('.event-row');
    if (!row || String(getSelection()) !== '') return;
    const cell = (event.target as Element).closest<HTMLElement>('[aria-colindex]');
    goTo({ row: Number(row.dataset['row']), column: Number(cell?.ariaColIndex ?? 1) - 1 });
    toggle(Number(row.dataset['row']));
  };

  /** Titles are set when they can be seen: a change of one works out the style of its cell again. */
  const tell = (event: PointerEvent): void => {
    const cell = (event.target as Element).closest<HTMLElement>('.event-row > [aria-colindex]');
    const hit = hits[Number(cell?.parentElement?.dataset['row'] ?? Number.NaN)];
    const name = columns[Number(cell?.ariaColIndex) - 1];
    if (cell && hit && name !== undefined) cell.title = cellTitle(hit, name, zone);
  };
  const untell = (event: PointerEvent): void =>
    (event.target as Element).closest('[aria-colindex]')?.removeAttribute('title');
  const follow = (event: FocusEvent): void => {
    const target = event.target as HTMLElement;
    const row = Number(target.closest<HTMLElement>('.event-row')?.dataset['row'] ?? Number.NaN);
    const cell = target.closest<HTMLElement>('[aria-colindex]');
    if (Number.isNaN(row) || !cell) return;
    isTold.value = true;
    const column = Number(cell.ariaColIndex) - 1;
    if (row !== at.row || column !== at.column) cursor.value = { row, column };
  };

  const { total, hits: loaded } = result.value ?? { total: hits.length, hits };
  const width = widths.reduce((sum, one) => sum + one, 0);
  const layout = {
    height: `${list.getTotalSize()}px`,
    width: narrow ? '100%' : `${width}px`,
    '--columns': widths.map(one => `${one}px`).join(' '),
    '--sight': `${available}px`,
  };
  return (
    <div class="table-scroll" ref={scroller}>
      <table
        role="grid"
        class="event-table"
        aria-label="Events"
        aria-rowcount={total - (loaded.length - hits.length) + 1}
        aria-colcount={columns.length}
        aria-busy={isStale.value}
        data-density={density.value}
        data-wrap={wrap.value}
        data-narrow={narrow}
        data-stale={isStale.value}
        data-told={isTold.value}
        style={layout}
        onKeyDown={press}
        onClick={click}
        onFocusIn={follow}
        onPointerOver={tell}
        onPointerOut={untell}
      >
        <thead role="rowgroup">
          <Headings
            columns={columns}
            widths={widths}
            fit={column => fitWidth(scroller.current, column)}
            cursor={at.row === -1 ? at.column : -1}
          />
        </thead>
        <tbody role="rowgroup">
          {drawn.map(({ index, key, start, item }) => {
            if (item.kind === 'tail') return <Tail key={key} top={start} index={index} />;
            const hit = hits[item.at] as Hit;
            if (item.kind === 'detail') {
              return (
                <tr
                  key={key}
                  role="row"
                  class="detail-row"
                  data-index={index}
                  ref={list.measureElement}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <td role="gridcell" colSpan={columns.length}>
                    {detail()}
                  </td>
                </tr>
              );
            }
            return (
              <Row
                key={key}
                hit={hit}
                copies={rows.copiesOf(hit.id)}
                number={item.at + 1}
                columns={columns}
                zone={zone}
                top={start}
                open={item.at === open}
                cursor={item.at === at.row ? at.column : -1}
                omitEmpty={narrow}
                index={index}
                measure={isMeasured ? list.measureElement : leaveAsEstimated}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const leaveAsEstimated = (): void => undefined;

interface Drawn {
  key: string | number;
  index: number;
  start: number;
  item: Item;
}

/** What is drawn, in the order of the document. With slots, rows that go out of sight become those that come. */
function useDrawn(
  shown: readonly VirtualItem[],
  items: Items,
  withSlots: boolean,
  isMoving: boolean,
): readonly Drawn[] {
  const [slots] = useState(() => new Slots());
  const [order] = useState(() => new DocumentOrder<string | number>());
  const listed = shown.map(({ index, key, start }) => ({
    key: key as string | number,
    index,
    start,
    item: items.item(index),
  }));
  if (!withSlots) return listed;
  const rows = listed.filter(one => one.item.kind === 'hit');
  const assigned = slots.assign(rows.map(one => one.index));
  const slotOf = new Map(rows.map((one, at) => [one, assigned[at] as number]));
  return order.arranged(
    listed.map(one => ({ ...one, key: slotOf.get(one) ?? one.key })),
    isMoving,
  );
}

function focusCell(scroller: HTMLElement | null, { row, column }: Cursor, mustSee: boolean): void {
  const cell =
    row < 0
      ? scroller?.querySelector<HTMLElement>(`[data-heading="${column}"]`)
      : scroller?.querySelector<HTMLElement>(`[data-row="${row}"] [aria-colindex="${column + 1}"]`);
  cell?.focus({ preventScroll: true });
  if (mustSee) cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
