import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Hit, SearchAnswer, SearchRequest } from '../api/types';
import { change } from '../state/ask';
import { ResourceView } from './resource_view';

/** What the server was asked, and the pages by the cursor that leads to them; one that is missing is refused. */
let asked: SearchRequest[];
let pages: Map<string, Partial<SearchAnswer>>;

function serve(_path: string, { body }: RequestInit): Promise<Response> {
  const request = JSON.parse(String(body)) as SearchRequest;
  asked.push(request);
  const page = pages.get(request.cursor ?? '');
  const error = { code: 'unavailable', message: 'no more for now' };
  return Promise.resolve(
    page ? Response.json({ total: 3, took_ms: 1, ...page }) : Response.json({ error }, { status: 503 }),
  );
}

function tagged(id: string, value: string): Hit {
  const raw = JSON.stringify({ requestParameters: { tag: value } });
  return { id, time: '2021-07-01T00:00:00Z', fields: { event_name: 'TagResource', actor: 'alice', raw } };
}

const shown = (): (string | null)[] =>
  [...document.querySelectorAll('.life-changes tbody tr')].map(row => row.textContent);

beforeEach(() => {
  asked = [];
  pages = new Map();
  vi.stubGlobal('fetch', serve);
  change({ view: 'resource', resource: 'x' }, { replace: true });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('goes on with a later page where the one before it ended', async () => {
  pages.set('', { hits: [tagged('a', 'one'), tagged('b', 'two')], cursor: 'behind b' });
  render(<ResourceView />);
  const more = await screen.findByRole('button', { name: 'More changes' });
  expect(asked[0]).not.toHaveProperty('cursor');
  fireEvent.click(more);
  await screen.findByText('no more for now');
  pages.set('behind b', { hits: [tagged('c', 'three')] });
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('three');
  expect(asked.map(one => one.cursor)).toEqual([undefined, 'behind b', 'behind b']);
  expect(shown()).toEqual(['tagone', 'tagonetwo', 'tagtwothree']);
  expect(screen.queryByRole('button', { name: 'More changes' })).toBeNull();
});

it('asks for the next page once, however often that is pressed', async () => {
  pages.set('', { hits: [tagged('a', 'one')], cursor: 'behind a' });
  pages.set('behind a', { hits: [tagged('b', 'two'), tagged('c', 'three')] });
  render(<ResourceView />);
  const more = await screen.findByRole('button', { name: 'More changes' });
  fireEvent.click(more);
  fireEvent.click(more);
  await screen.findByText('three');
  expect(asked).toHaveLength(2);
});

it('never shows the life of another resource, nor goes on with it', async () => {
  pages.set('', { hits: [tagged('a', 'one')], cursor: 'behind a' });
  render(<ResourceView />);
  await screen.findByText('one');
  pages.set('', { hits: [tagged('b', 'two')] });
  change({ resource: 'y' });
  await screen.findByText('two');
  expect(shown()).toEqual(['tagtwo']);
});
