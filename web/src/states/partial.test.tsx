import { act, cleanup, render } from '@testing-library/preact';
import { afterEach, expect, it } from 'vitest';
import { ask } from '../state/ask';
import { cancelled, loading, rowsAsked, result, type Result } from '../state/results';
import { decodeAsk } from '../state/url_codec';
import { PartialBanner } from './partial';

afterEach(() => {
  cleanup();
  loading.value = false;
  cancelled.value = false;
});

const answered = (members: Partial<Result>): void => {
  result.value = { rowsAsked: rowsAsked.value, hits: [], total: 0, ...members } as Result;
};

it('says how much was searched, of the present answer alone', () => {
  ask.value = decodeAsk('');
  answered({ partial: { searched_events: 3_000_000, events: 10_000_000 } });
  const { container, rerender, getByText } = render(<PartialBanner />);
  expect(container.textContent).toContain('3,000,000 of 10,000,000 events');
  getByText('the last hour').click();
  expect(ask.value.from).toBe('now-1h');
  rerender(<PartialBanner />);
  expect(container.textContent).toBe('');
  answered({ partial: undefined });
  expect(container.textContent).toBe('');
});

it('tells that a search goes on, and that it was cancelled', () => {
  ask.value = decodeAsk('');
  answered({ partial: { searched_events: 4_390, events: 10_000 } });
  loading.value = true;
  const { container, queryByText } = render(<PartialBanner />);
  expect(container.textContent).toContain('43 % searched: 4,390 of 10,000 events. The search goes on.');
  expect(queryByText('the last hour')).toBeNull();
  act(() => {
    loading.value = false;
    cancelled.value = true;
  });
  expect(container.textContent).toContain(
    'Not all was searched: 4,390 of 10,000 events before it was cancelled.',
  );
});
