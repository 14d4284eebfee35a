import { signal, useSignalEffect, type ReadonlySignal, useComputed } from '@preact/signals';
import * as api from '../api/calls';
import type { Histogram } from '../api/types';
import { ask } from '../state/ask';
import { askedAt } from '../state/clock';
import { answeredHistogram } from '../state/results';
import { intervalText } from '../time/interval';

const kKept = 16;
const kFreshMs = 60_000;

interface Kept {
  at: number;
  begins: ReadonlySet<number>;
}

/** When the store has events, by the range and width that were asked for. */
const kept = signal<ReadonlyMap<string, Kept>>(new Map());

function beginsOf({ buckets }: Histogram): ReadonlySet<number> {
  return new Set(buckets.flatMap(({ time, count }) => (count > 0 ? [Date.parse(time)] : [])));
}

function keep(key: string, at: number, histogram: Histogram | undefined): void {
  if (!histogram) return;
  const others = [...kept.peek()].filter(([other]) => other !== key);
  kept.value = new Map([...others.slice(1 - kKept), [key, { at, begins: beginsOf(histogram) }]]);
}

/** In which buckets of the shown histogram anything was delivered at all; undefined until it is known. */
export function useDelivered(): ReadonlySignal<ReadonlySet<number> | undefined> {
  const key = useComputed(() => {
    const width = answeredHistogram.value?.interval_ms;
    return width === undefined ? '' : JSON.stringify([ask.value.from, ask.value.to, width]);
  });
  useSignalEffect(() => {
    const wanted = key.value;
    if (wanted === '') return;
    const [from, to, width] = JSON.parse(wanted) as [string, string, number];
    const at = askedAt.value;
    const before = kept.peek().get(wanted);
    if (before && at - before.at < kFreshMs) return;
    const asked = { ...(from && { from }), ...(to && { to }), columns: [], size: 0 };
    const stop = new AbortController();
    api
      .search({ ...asked, histogram: { interval: intervalText(width) } }, stop.signal)
      .then(({ histogram }) => keep(wanted, at, histogram))
      // Without it no bar is hatched; what is wrong shows in the search itself.
      .catch(() => undefined);
    return () => stop.abort();
  });
  return useComputed(() => kept.value.get(key.value)?.begins);
}
