import type { Bucket, Histogram } from '../api/types';
import type { Span } from '../time/range';

/** One stretch of a bar, from `from` up to `to` hits; `series` is its place in the legend. */
export interface Stretch {
  series: number;
  from: number;
  to: number;
}

export interface Bar extends Span {
  count: number;
  stretches: Stretch[];
  /** Whether the store has any event of this time, asked for or not. */
  isDelivered: boolean;
}

export interface Series {
  /** A value of the split field; all the others together; or the events without one. */
  kind: 'value' | 'others' | 'missing';
  name: string;
}

export interface Bars {
  bars: Bar[];
  /** In the order of their stretches. */
  series: Series[];
  highest: number;
}

interface Row extends Series {
  counts: number[];
}

/** A range that would need more bars is shown only where there are hits. */
const kMost = 2000;

function rowsOf(split: Histogram['split']): Row[] {
  if (!split) return [];
  const rows: Row[] = [
    ...split.series.map(({ value, counts }): Row => ({ kind: 'value', name: value, counts })),
    { kind: 'others', name: 'other values', counts: split.others },
    { kind: 'missing', name: 'no value', counts: split.missing },
  ];
  return rows.filter(({ counts }) => counts.some(count => count > 0));
}

/** The bars from the beginning of the span to its end, and wherever there are hits. */
function frame(buckets: readonly Bucket[], width: number, span: Span | undefined): Span | undefined {
  const [first, last] = [buckets[0], buckets.at(-1)];
  const hits = first && last && { begin: Date.parse(first.time), end: Date.parse(last.time) + width };
  if (!span) return hits;
  const phase = hits ? hits.begin % width : 0;
  const begin = Math.floor((span.begin - phase) / width) * width + phase;
  const end = Math.ceil((span.end - phase) / width) * width + phase;
  const whole = { begin: Math.min(begin, hits?.begin ?? begin), end: Math.max(end, hits?.end ?? end) };
  return (whole.end - whole.begin) / width > kMost ? hits : whole;
}

/**
 * The bars of a histogram over all of `span`, each split from the bottom up. `delivered` tells when the store has
 * events; where it is not known, there are some.
 */
export function barsOf(histogram: Histogram, span?: Span, delivered?: ReadonlySet<number>): Bars {
  const { buckets, interval_ms: width, split } = histogram;
  const rows = rowsOf(split);
  const whole = frame(buckets, width, span);
  const at = new Map(buckets.map(({ time }, index) => [Date.parse(time), index]));
  const bars: Bar[] = [];
  for (let begin = whole?.begin ?? 0; whole && begin < whole.end; begin += width) {
    const index = at.get(begin);
    const count = index === undefined ? 0 : (buckets[index]?.count ?? 0);
    const stretches = split ? stretchesOf(rows, index) : [{ series: 0, from: 0, to: count }];
    const isDelivered = count > 0 || delivered === undefined || delivered.has(begin);
    bars.push({ begin, end: begin + width, count, stretches, isDelivered });
  }
  return {
    bars,
    series: rows.map(({ kind, name }) => ({ kind, name })),
    // A value of several makes a bar as high as its stretches together.
    highest: bars.reduce((most, bar) => Math.max(most, bar.count, bar.stretches.at(-1)?.to ?? 0), 1),
  };
}

function stretchesOf(rows: readonly Row[], index: number | undefined): Stretch[] {
  let from = 0;
  return rows.flatMap(({ counts }, series) => {
    const height = index === undefined ? 0 : (counts[index] ?? 0);
    from += height;
    return height > 0 ? [{ series, from: from - height, to: from }] : [];
  });
}

/** Neighbouring bars of which nothing was delivered: the first of each run, and the one behind it. */
export function gapsOf(bars: readonly Bar[]): [number, number][] {
  const gaps: [number, number][] = [];
  bars.forEach((bar, at) => {
    if (bar.isDelivered) return;
    const last = gaps.at(-1);
    if (last?.[1] === at) last[1] = at + 1;
    else gaps.push([at, at + 1]);
  });
  return gaps;
}
