import { cleanup, render } from '@testing-library/preact';
import { afterEach, expect, it } from 'vitest';
import { ask } from '../state/ask';
import { rowsAsked, result, type Result } from '../state/results';
import { decodeAsk } from '../state/url_codec';
import { PartialBanner } from './partial';

afterEach(cleanup);

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
