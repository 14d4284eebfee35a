import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../state/ask';
import { recentRanges } from '../state/asked_range';
import { askedAt } from '../state/clock';
import { refreshSeconds } from '../state/live';
import { loading } from '../state/results';
import { decodeAsk } from '../state/url_codec';
import { rangeText, spanText } from './range_text';
import { TimePicker } from './time_picker';

beforeEach(() => {
  ask.value = decodeAsk('');
  askedAt.value = Date.parse('2021-07-29T12:00:00Z');
  recentRanges.value = [];
  refreshSeconds.value = 0;
});
afterEach(cleanup);

const press = (name: string | RegExp): boolean => fireEvent.click(screen.getByRole('button', { name }));
const asked = (): string => `${ask.value.from} ${ask.value.to}`;

function open(): void {
  render(<TimePicker />);
  press(/^Time range/);
}

describe('texts of ranges', () => {
  it.each([
    [{ from: 'now-7d', to: '' }, 'Last 7 days'],
    [{ from: '', to: '' }, 'All time'],
    [{ from: 'now-2d', to: 'now-1d' }, 'now-2d – now-1d'],
    [{ from: '2021-07-29T10:00:00Z', to: '' }, '2021-07-29 12:00:00 – newest'],
  ])('%j', (bounds, text) => expect(rangeText(bounds, 'Europe/Berlin')).toBe(text));

  it('says the span in words', () => {
    const begin = Date.parse('2021-07-29T10:00:00Z');
    expect(spanText({ begin, end: begin + 5_400_000 }, 'UTC')).toBe(
      '2021-07-29 10:00:00 – 2021-07-29 11:30:00 UTC (1 hour 30 minutes)',
    );
  });
});

describe('the time picker', () => {
  it('goes back, forward and out', () => {
    ask.value = { ...ask.value, from: 'now-1h' };
    render(<TimePicker />);
    press('Back by one range');
    expect(asked()).toBe('2021-07-29T10:00:00Z 2021-07-29T11:00:00Z');
    press('Forward by one range');
    expect(asked()).toBe('2021-07-29T11:00:00Z 2021-07-29T12:00:00Z');
    press('Zoom out to twice the range');
    expect(asked()).toBe('2021-07-29T10:30:00Z 2021-07-29T12:30:00Z');
  });

  it('keeps what was chosen', () => {
    open();
    press('Last 7 days');
    expect(asked()).toBe('now-7d ');
    press(/^Time range/);
    fireEvent.input(screen.getByLabelText('From'), { target: { value: '29/Jul/2021:10:00:00 +0200' } });
    fireEvent.input(screen.getByLabelText('To'), { target: { value: '1627602806' } });
    press('Apply');
    expect(asked()).toBe('2021-07-29T08:00:00Z 2021-07-29T23:53:26Z');
    press(/^Time range/);
    press('All time');
    press(/^Time range/);
    press('2021-07-29 08:00:00 – 2021-07-29 23:53:26');
    expect(asked()).toBe('2021-07-29T08:00:00Z 2021-07-29T23:53:26Z');
  });

  it('refuses what is no time', () => {
    open();
    fireEvent.input(screen.getByLabelText('To'), { target: { value: 'teatime' } });
    press('Apply');
    expect(screen.getByRole('alert').textContent).toContain("got 'teatime'");
    expect(asked()).toBe(' ');
  });

  it('takes two pasted times for both bounds', () => {
    open();
    const data = { getData: () => 'between 2021-07-29T10:00:00Z and 2021-07-29T11:00:00Z' };
    fireEvent.paste(screen.getByLabelText('To'), { clipboardData: data });
    press('Apply');
    expect(asked()).toBe('2021-07-29T10:00:00Z 2021-07-29T11:00:01Z');
  });

  it('shows another zone', () => {
    open();
    fireEvent.change(screen.getByLabelText('Time zone'), { target: { value: 'other' } });
    const name = screen.getByLabelText('Name of a time zone');
    fireEvent.change(name, { target: { value: 'Nowhere/Land' } });
    expect(ask.value.zone).toBe('UTC');
    fireEvent.change(name, { target: { value: 'Asia/Kolkata' } });
    expect(ask.value.zone).toBe('Asia/Kolkata');
  });

  it('asks again, but not while an answer is awaited', () => {
    vi.useFakeTimers();
    const asks = vi.fn(() => new Promise(() => undefined));
    vi.stubGlobal('fetch', asks);
    try {
      open();
      press('10 s');
      loading.value = true;
      vi.advanceTimersByTime(10_000);
      expect(asks).not.toHaveBeenCalled();
      loading.value = false;
      vi.advanceTimersByTime(10_000);
      expect(asks).toHaveBeenCalled();
    } finally {
      vi.unstubAllGlobals();
      vi.useRealTimers();
    }
  });
});
