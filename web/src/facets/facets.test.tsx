import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Facet, Field } from '../api/types';
import { decodeAsk } from '../state/url_codec';
import { ask, change } from '../state/ask';
import { facetRequests } from '../state/facet_requests';
import { moveFacet, pinnedFacets, resetFacets } from '../state/facet_settings';
import { allFields } from '../state/fields';
import { result, which, type Result } from '../state/results';
import { shownFacets } from '../state/settings';
import { Facets } from './facets';

function field(name: string, type: Field['type'] = 'keyword'): Field {
  return { name, type, aliases: [], column: true, multi: false, origin: 'record', help: `the ${name}` };
}

function facet(name: string, values: Record<string, number>, missing = 0): Facet {
  const counted = Object.entries(values).map(([value, count]) => ({ value, count }));
  return { field: name, values: counted, distinct: counted.length, missing };
}

beforeEach(() => {
  allFields.value = [
    field('actor'),
    field('error_code'),
    field('user_agent', 'text'),
    field('event_time', 'time'),
  ];
  resetFacets();
  shownFacets.value = ['actor', 'error_code'];
  ask.value = decodeAsk('');
  const facets = [facet('actor', { alice: 90, 'mal lory': 10 }), facet('error_code', { Denied: 1 }, 99)];
  result.value = {
    ...result.value,
    total: 100,
    hits: [],
    facets: new Map(facets.map(one => [one.field, one])),
    histogram: undefined,
    cursor: undefined,
    tookMs: 1,
  } as typeof result.value & object;
});
afterEach(cleanup);

const press = (name: string | RegExp): boolean => fireEvent.click(screen.getByRole('button', { name }));

describe('facets', () => {
  it.each<[string, string[], string, string]>([
    ['include', [/^alice 90|^alice90/.source], 'actor:alice', "actor:'alice'"],
    [
      'include two',
      ['^alice', '^mal lory'],
      'actor:(alice or "mal lory")',
      "(or actor:'alice' actor:'mal lory')",
    ],
    ['take back', ['^alice', '^alice'], '', ''],
    ['exclude', ['Exclude Actor alice'], 'not actor:alice', "(not actor:'alice')"],
    ['only', ['^alice', 'Only Actor mal lory'], 'actor:"mal lory"', "actor:'mal lory'"],
    ['missing', ['^no value'], 'not error_code:*', '(not error_code:{,})'],
    ['exists', ['Any value of Error'], 'error_code:*', 'error_code:{,}'],
    ['clear', ['^alice', 'Clear Actor'], '', ''],
  ])('%s', (_name, clicks, kql, structured) => {
    render(<Facets />);
    clicks.forEach(name => press(new RegExp(name)));
    expect(ask.value.q).toBe(kql);
    change({ q: '', syntax: 'structured' });
    return Promise.resolve().then(() => {
      clicks.forEach(name => press(new RegExp(name)));
      expect(ask.value.q).toBe(structured);
    });
  });

  it('never changes a query that has no end', () => {
    ask.value = { ...ask.value, q: 'x and "y' };
    render(<Facets />);
    press(/^alice/);
    expect(ask.value.q).toBe('x and "y');
  });

  it('asks for what is unfolded, and for selected fields apart', () => {
    ask.value = { ...ask.value, q: 'x and actor:alice' };
    render(<Facets />);
    const before = facetRequests(which.value);
    expect(before.shared.map(one => one.field)).toEqual(['error_code']);
    expect(before.own.map(one => [one.q, one.facets?.[0]?.field, one.size])).toEqual([['x', 'actor', 0]]);
    press('Actor');
    press('Error');
    expect(facetRequests(which.value)).toEqual({ shared: [], own: [] });
  });

  it('is added, pinned, turned to rare values and hidden', () => {
    render(<Facets />);
    press('Add a facet');
    expect(screen.queryByRole('button', { name: 'event_time' })).toBeNull();
    press('user_agent');
    press('More for User agent');
    press('Pin to the top');
    expect(screen.getAllByRole('region').map(one => one.getAttribute('aria-label'))).toEqual([
      'User agent',
      'Actor',
      'Error',
    ]);
    press('More for Actor');
    press('Rare values first');
    expect(facetRequests(which.value).shared.map(one => one.sort)).toEqual([undefined, 'rare', undefined]);
    press('More for Actor');
    press('Hide');
    expect(shownFacets.value).toEqual(['error_code', 'user_agent']);
  });

  it('shows the ends of long values, and all of them on demand', () => {
    const arn = `arn:aws:s3:::${'long-name-of-a-bucket/'.repeat(5)}last.txt`;
    const facets = new Map([
      ['actor', facet('actor', { [arn]: 5, alice: 4 })],
      ['error_code', facet('error_code', { Denied: 1 })],
    ]);
    result.value = { ...(result.value as Result), facets };
    render(<Facets />);
    const [long, short] = document.querySelectorAll('.facet-text');
    expect(long?.textContent).toBe('arn:aws:s3:::l…-name-of-a-bucket/last.txt');
    expect(short?.textContent).toBe('alice');
    press('in full: values of Actor');
    expect(long?.textContent).toBe(arn);
    expect(ask.value.q).toBe('');
    press('shorter: values of Actor');
    expect(long?.textContent).toContain('…');
    expect(screen.queryByRole('button', { name: /: values of Error/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Search in Actor' })).toBeNull();
  });

  const drawn = (): (string | null)[] =>
    screen.getAllByRole('region').map(one => one.getAttribute('aria-label'));

  it('is moved by keys, which keeps the focus', () => {
    render(<Facets />);
    const name = screen.getByRole('button', { name: 'Error' });
    name.focus();
    const move = (key: string): boolean => fireEvent.keyDown(name, { key, ctrlKey: true });
    act(() => void move('ArrowUp'));
    expect(drawn()).toEqual(['Error', 'Actor']);
    expect(document.activeElement).toBe(name);
    act(() => void move('ArrowUp'));
    expect(drawn()).toEqual(['Error', 'Actor']);
    act(() => void move('ArrowDown'));
    expect(shownFacets.value).toEqual(['actor', 'error_code']);
  });

  it.each<[string, string, string, string[], string[]]>([
    ['down to the last', 'a', 'd', ['b', 'c', 'd', 'a'], []],
    ['up to the first', 'd', 'a', ['d', 'a', 'b', 'c'], []],
    ['among the pinned, and is', 'd', 'b', ['d', 'b', 'a', 'c'], ['b', 'd']],
    ['away from the pinned, and is not', 'b', 'c', ['a', 'c', 'b', 'd'], []],
    ['nowhere', 'a', 'x', ['a', 'b', 'c', 'd'], []],
  ])('moves %s', (name, from, to, order, pinned) => {
    shownFacets.value = ['a', 'b', 'c', 'd'];
    pinnedFacets.value = name.includes('pinned') ? ['b'] : [];
    moveFacet(from, to);
    expect([shownFacets.value, pinnedFacets.value]).toEqual([order, pinned]);
  });

  it('is searched in, and takes the focus for it once', () => {
    const answered = (): void => {
      const facets = new Map([['actor', { ...facet('actor', { alice: 90 }), distinct: 20 }]]);
      result.value = { ...(result.value as Result), facets };
    };
    answered();
    render(<Facets />);
    press('Search in Actor');
    expect(document.activeElement).toBe(screen.getByLabelText('Search in Actor', { selector: 'input' }));
    const other = screen.getByRole('button', { name: 'Actor' });
    other.focus();
    act(answered);
    expect(document.activeElement).toBe(other);
  });

  it('goes by arrow keys', () => {
    render(<Facets />);
    const first = screen.getByRole('button', { name: 'Actor' });
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowDown' });
    expect(document.activeElement?.textContent).toBe('alice90');
    fireEvent.keyDown(document.activeElement as Element, { key: '-' });
    expect(ask.value.q).toBe('not actor:alice');
  });
});
