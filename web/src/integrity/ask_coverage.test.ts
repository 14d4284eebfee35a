import { afterEach, expect, it, vi } from 'vitest';
import type { StatsAnswer, StatsRequest } from '../api/types';
import { status } from '../state/status';
import { askCoverage } from './ask_coverage';

const kStore = { oldest: '2021-07-01T10:00:00Z', newest: '2021-07-02T09:59:59Z' };
const kRange = { from: '2021-07-01T00:00:00Z', to: '2021-07-03T00:00:00Z' };
const kPlace = { recipient_account_id: '111122223333', aws_region: 'us-east-1', integrity: 'verified' };

afterEach(() => {
  status.value = undefined;
  vi.unstubAllGlobals();
});

/** Answers as a server whose groups are as many as `groupsOf` says; tells what it was asked. */
function serve(groupsOf: (asked: StatsRequest) => Partial<StatsAnswer>): StatsRequest[] {
  const asked: StatsRequest[] = [];
  vi.stubGlobal('fetch', async (path: string, { body }: { body?: string }) => {
    if (path === '/api/status') return new Response(JSON.stringify(kStore));
    const request = JSON.parse(body ?? '{}') as StatsRequest;
    asked.push(request);
    return new Response(JSON.stringify({ total: 1, group_count: 0, groups: [], ...groupsOf(request) }));
  });
  return asked;
}

const isNames = ({ by }: StatsRequest): boolean => by?.includes('account_name') ?? false;
const ask = (range: { from: string; to: string }) => askCoverage(range, [], new AbortController().signal);

it('asks once for the map, and once for the names of accounts', async () => {
  const asked = serve(request => {
    const by = isNames(request) ? { ...kPlace, account_name: 'Home' } : kPlace;
    return { group_count: 1, groups: [{ by, time: '2021-07-01T12:00:00Z', count: 7 }] };
  });
  const map = await ask(kRange);
  expect(asked.map(({ by, interval }) => [by?.join(','), interval])).toEqual([
    ['recipient_account_id,aws_region,integrity', '7200s'],
    ['recipient_account_id,account_name', undefined],
  ]);
  expect(asked.every(({ from, to }) => from === kRange.from && to === kRange.to)).toBe(true);
  expect(map?.names.get('111122223333')).toBe('Home');
  expect(map?.columns.length).toBe(24);
  expect(map?.rows[0]?.cells[6]?.state).toBe('verified');
});

it.each([
  [{ from: '', to: '' }, false],
  [{ from: 'some day', to: '' }, true],
  [{ from: kRange.to, to: kRange.from }, true],
])('shows all time for %j, and says so where that was not asked: %s', async (range, isAllTime) => {
  const asked = serve(() => ({}));
  expect(await ask(range)).toMatchObject({ isAllTime, rows: [], rowCount: 0 });
  expect(asked[0]).toMatchObject({ from: kStore.oldest, to: '2021-07-02T09:59:59.001Z' });
});

it('counts in fewer columns where there would be more groups than are listed', async () => {
  const widths: string[] = [];
  serve(request => {
    if (isNames(request)) return {};
    widths.push(request.interval ?? '');
    const groups = [{ by: kPlace, time: kRange.from, count: 1 }];
    return widths.length === 1 ? { group_count: 40_000, groups } : { group_count: 1, groups };
  });
  expect(await ask(kRange)).toMatchObject({ uncounted: 0, rowCount: 1 });
  expect(widths).toEqual(['7200s', '43200s']);
});

it('tells how much it could not count', async () => {
  serve(() => ({ group_count: 150_000, groups: [{ by: kPlace, time: kRange.from, count: 1 }] }));
  expect(await ask(kRange)).toMatchObject({ uncounted: 149_999 });
});
