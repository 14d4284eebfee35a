import { computed, signal } from '@preact/signals';
import { boundsOf, spanOf, type Bounds, type Span } from '../time/range';
import { ask, change } from './ask';
import { askedAt } from './clock';
import { setting } from './settings';
import { status } from './status';

/** From the oldest event of the store to behind the newest; undefined where there is none, or not known. */
export function storeSpan(): Span | undefined {
  const { oldest, newest } = status.value ?? {};
  if (!oldest || !newest) return undefined;
  return { begin: Date.parse(oldest), end: Date.parse(newest) + 1 };
}

/** What the question spans; undefined where that is not known. */
export const askedSpan = computed(() => spanOf(ask.value, askedAt.value, storeSpan()));

function isRangeList(value: unknown): value is Bounds[] {
  return (
    Array.isArray(value) && value.every(one => typeof one?.from === 'string' && typeof one.to === 'string')
  );
}

/** The ranges that this browser asked for last, newest first. */
export const recentRanges = setting<Bounds[]>('ranges', [], isRangeList);
const kKept = 6;

/** Ranges that zooming left, newest last. */
export const zoomedFrom = signal<Bounds[]>([]);

export function chooseRange(bounds: Bounds): void {
  const { from, to } = bounds;
  const others = recentRanges.value.filter(one => one.from !== from || one.to !== to);
  if (from || to) recentRanges.value = [{ from, to }, ...others].slice(0, kKept);
  change({ from, to });
}

/** Narrows the question to a span; `unzoom` goes back. */
export function zoom(span: Span): void {
  const { from, to } = ask.value;
  zoomedFrom.value = [...zoomedFrom.value.slice(-49), { from, to }];
  change(boundsOf(span));
}

export function unzoom(): void {
  const before = zoomedFrom.value.at(-1);
  if (!before) return;
  zoomedFrom.value = zoomedFrom.value.slice(0, -1);
  change(before);
}
