import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Histogram } from '../api/types';
import { ask } from '../state/ask';
import { allFields } from '../state/fields';
import { zoomedFrom } from '../state/asked_range';
import { result, type Result } from '../state/results';
import { decodeAsk } from '../state/url_codec';
import { widthFor, intervalText } from '../time/interval';
import { barsOf, gapsOf } from './bars';
import { moved } from './cursor';
import { HistogramPanel } from './histogram';
import { ticksOf } from '../time/ticks';

const kHour = 3_600_000;
const kBegin = Date.parse('2021-07-29T00:00:00Z');
const hour = (number: number): string => new Date(kBegin + number * kHour).toISOString();

function histogram(counts: number[], first = 0, width = kHour): Histogram {
  return {
    interval_ms: width,
    buckets: counts.map((count, at) => ({ time: hour(first + at), count })),
  };
}

describe('bars', () => {
  const span = { begin: kBegin + 60_000, end: kBegin + 6 * kHour - 60_000 };
  const counts = (bars: ReturnType<typeof barsOf>): number[] => bars.bars.map(bar => bar.count);

  it('cover all that was asked for', () => {
    expect(counts(barsOf(histogram([5, 0, 7], 2), span))).toEqual([0, 0, 5, 0, 7, 0]);
    expect(counts(barsOf(histogram([]), span))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(counts(barsOf(histogram([5])))).toEqual([5]);
    expect(counts(barsOf(histogram([])))).toEqual([]);
  });

  it('show what lies outside, too', () => {
    expect(counts(barsOf(histogram([1, 2], 5), span))).toEqual([0, 0, 0, 0, 0, 1, 2]);
  });

  it('are never more than can be drawn', () => {
    const ages = { begin: 0, end: kBegin };
    expect(counts(barsOf(histogram([3]), ages))).toEqual([3]);
  });

  it('tell no hits from no data', () => {
    const delivered = new Set([kBegin, kBegin + 3 * kHour]);
    const { bars } = barsOf(histogram([4], 5), span, delivered);
    expect(bars.map(bar => bar.isDelivered)).toEqual([true, false, false, true, false, true]);
    expect(gapsOf(bars)).toEqual([
      [1, 3],
      [4, 5],
    ]);
    expect(gapsOf(barsOf(histogram([4], 5), span).bars)).toEqual([]);
  });

  it('are split from the bottom up', () => {
    const split = {
      field: 'event_outcome',
      series: [{ value: 'others', counts: [2, 0] }],
      others: [0, 0],
      missing: [1, 4],
    };
    const { bars, series, highest } = barsOf({ ...histogram([3, 4]), split });
    expect(series).toEqual([
      { kind: 'value', name: 'others' },
      { kind: 'missing', name: 'no value' },
    ]);
    expect(bars.map(bar => bar.stretches)).toEqual([
      [
        { series: 0, from: 0, to: 2 },
        { series: 1, from: 2, to: 3 },
      ],
      [{ series: 1, from: 0, to: 4 }],
    ]);
    expect(highest).toBe(4);
  });

  it.each([
    [1, '1s'],
    [60_000, '1s'],
    [kHour, '60s'],
    [24 * kHour, '900s'],
    [7 * 24 * kHour, '7200s'],
    [365 * 24 * kHour, '604800s'],
    [200 * 365 * 24 * kHour, `${Math.ceil((200 * 365) / 119) * 86_400}s`],
  ])('are of a width that suits %d ms', (length, text) => {
    const width = widthFor({ begin: 0, end: length }, 120);
    expect(intervalText(width)).toBe(text);
    expect(Math.floor(length / width) + 1).toBeLessThanOrEqual(120);
  });

  it.each([
    [kHour, 6, ['01:00', '04:00']],
    [kHour, 48, ['07-29 12:00', '07-30 12:00']],
    [1000, 4, ['00:00:01', '00:00:03']],
    [24 * kHour, 4, ['2021-07-30', '2021-08-01']],
  ])('have labels, %d ms wide', (width, count, expected) => {
    const bars = Array.from({ length: count }, (_, at) => ({
      begin: kBegin + at * width,
      end: kBegin + (at + 1) * width,
      count: 0,
      stretches: [],
      isDelivered: true,
    }));
    expect(ticksOf(bars, 'UTC', 2).map(tick => tick.text)).toEqual(expected);
  });
});

describe('the cursor', () => {
  it.each([
    [undefined, 'ArrowRight', false, { at: 0, anchor: 0 }],
    [undefined, 'ArrowLeft', false, { at: 9, anchor: 9 }],
    [{ at: 4, anchor: 4 }, 'ArrowRight', true, { at: 5, anchor: 4 }],
    [{ at: 5, anchor: 4 }, 'ArrowRight', false, { at: 6, anchor: 6 }],
    [{ at: 4, anchor: 4 }, 'Home', true, { at: 0, anchor: 4 }],
    [{ at: 4, anchor: 4 }, 'End', false, { at: 9, anchor: 9 }],
    [{ at: 4, anchor: 4 }, 'x', false, undefined],
  ])('%j %s', (cursor, key, extend, expected) => expect(moved(cursor, key, extend, 10)).toEqual(expected));
});

describe('the panel', () => {
  beforeEach(() => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        new Response(
          JSON.stringify({ total: 9, hits: [], took_ms: 1, histogram: histogram([5, 0, 7, 0, 0, 0]) }),
        ),
      ),
    );
    zoomedFrom.value = [];
    const name = 'event_outcome';
    allFields.value = [
      { name, aliases: [], type: 'keyword', column: true, multi: false, origin: 'derived', help: name },
    ];
    ask.value = { ...decodeAsk(''), from: hour(0), to: hour(6) };
    result.value = {
      total: 12,
      hits: [],
      facets: new Map(),
      histogram: {
        ...histogram([5, 0, 7]),
        split: {
          field: 'event_outcome',
          series: [{ value: 'failure', counts: [5, 0, 7] }],
          others: [0, 0, 0],
          missing: [0, 0, 0],
        },
      },
      cursor: undefined,
      tookMs: 1,
    } as unknown as Result;
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it('is gone through and zoomed by keys, and goes back', () => {
    render(<HistogramPanel />);
    const chart = screen.getByRole('slider');
    const press = (key: string, shiftKey = false): boolean => fireEvent.keyDown(chart, { key, shiftKey });
    press('ArrowRight');
    expect(chart.getAttribute('aria-valuetext')).toBe(
      '2021-07-29 00:00:00 – 2021-07-29 01:00:00: 5 events (failure 5)',
    );
    press('ArrowRight', true);
    press('ArrowRight', true);
    expect(chart.getAttribute('aria-valuetext')).toContain('03:00:00: 12 events');
    press('Enter');
    expect([ask.value.from, ask.value.to]).toEqual(['2021-07-29T00:00:00Z', '2021-07-29T03:00:00Z']);
    fireEvent.dblClick(chart);
    expect([ask.value.from, ask.value.to]).toEqual([hour(0), hour(6)]);
  });

  it('hatches where nothing was delivered, and says so in the table', async () => {
    const { container } = render(<HistogramPanel />);
    await screen.findByText('no data delivered');
    expect(container.querySelectorAll('.gap')).toHaveLength(2);
    fireEvent.click(screen.getByRole('button', { name: 'Show as a table' }));
    const rows = screen.getAllByRole('row').map(row => row.textContent);
    expect(rows).toEqual([
      'From (UTC)Eventsfailure',
      '2021-07-29 00:00:0055',
      '2021-07-29 01:00:00no data delivered',
      '2021-07-29 02:00:0077',
      '2021-07-29 03:00:00no data delivered',
      '2021-07-29 04:00:00no data delivered',
      '2021-07-29 05:00:00no data delivered',
    ]);
  });

  it('keeps what was delivered in one range apart from another, whose answer comes late', async () => {
    const { container } = render(<HistogramPanel />);
    const gaps = (): number => container.querySelectorAll('.gap').length;
    const range = (from: string): void => void (ask.value = { ...ask.value, from });
    const painted = (): Promise<void> =>
      new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    await waitFor(() => expect(gaps()).toBe(2));
    let late = (_: unknown): void => undefined;
    vi.stubGlobal('fetch', () => new Promise(resolve => (late = resolve)));
    range(hour(-1));
    await painted();
    range(hour(0));
    await painted();
    late({ ok: true, json: () => Promise.resolve({ histogram: histogram([1, 1, 1, 1, 1, 1]) }) });
    await painted();
    expect(gaps()).toBe(2);
  });

  it('has a legend that is a facet', () => {
    render(<HistogramPanel />);
    fireEvent.click(screen.getByRole('button', { name: 'failure' }));
    expect(ask.value.q).toBe('event_outcome:failure');
    fireEvent.click(screen.getByRole('button', { name: 'Leave out Outcome failure' }));
    expect(ask.value.q).toBe('not event_outcome:failure');
  });
});
