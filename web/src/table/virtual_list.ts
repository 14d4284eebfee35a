import {
  defaultRangeExtractor,
  elementScroll,
  measureElement,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useCallback, useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks';
import type { Items } from './rows';

export type VirtualList = Virtualizer<HTMLElement, HTMLElement>;

interface Options {
  items: Items;
  scroller: { current: HTMLElement | null };
  /** How high a row is before it was measured. */
  rowHeight: number;
  /** Whether rows are measured, being of different heights. */
  isMeasured: boolean;
  headHeight: number;
  /** An index that stays in the document wherever one scrolls, for it has the focus. */
  kept: number | undefined;
}

const kOverscan = 6;
const kDetailHeight = 420;

function withKept(indexes: number[], kept: number | undefined): number[] {
  if (kept === undefined || indexes.includes(kept)) return indexes;
  return [...indexes, kept].sort((a, b) => a - b);
}

/** Which items are in the document, and where: those in sight, some around them, and the one that is kept. */
export function useVirtualList({
  items,
  scroller,
  rowHeight,
  isMeasured,
  headHeight,
  kept,
}: Options): VirtualList {
  const [, redraw] = useReducer<number, void>(count => count + 1, 0);
  // All heights are looked at again when one of these is another.
  const sizes = useMemo(
    () => ({
      // Heights are kept by these keys. Rows that are all alike do with their place, which costs far less to name.
      getItemKey: (index: number) => (isMeasured || !items.isHit(index) ? items.key(index) : index),
      estimateSize: (index: number) => (items.isDetail(index) ? kDetailHeight : rowHeight),
    }),
    [items, rowHeight, isMeasured],
  );
  const rangeExtractor = useCallback(
    (range: Parameters<typeof defaultRangeExtractor>[0]) =>
      withKept(defaultRangeExtractor(range), kept !== undefined && kept < range.count ? kept : undefined),
    [kept],
  );
  const options = {
    ...sizes,
    count: items.count,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    measureElement,
    overscan: kOverscan,
    scrollPaddingStart: headHeight,
    paddingStart: headHeight,
    rangeExtractor,
    onChange: () => redraw(),
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  // Heights that were estimated by another density are of no use.
  useLayoutEffect(() => list.measure(), [rowHeight]);
  return list;
}
