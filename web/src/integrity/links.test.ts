import { expect, it } from 'vitest';
import type { Integrity } from '../api/types';
import type { CellState } from './coverage';
import { searchOfCell, searchOfFile } from './links';
import { cellText } from './words';

const kSpan = { begin: Date.UTC(2021, 6, 29), end: Date.UTC(2021, 6, 29, 6) };
const kPlace = { account: '111122223333', region: 'us-east-1' };

function cell(state: CellState, events: [Integrity, number][], missingFiles = 0) {
  return { ...kSpan, state, events: new Map(events), missingFiles };
}

it.each([
  [cell('verified', [['verified', 74]]), '74 events verified', 'verified'],
  [
    cell('tampered', [
      ['verified', 70],
      ['tampered', 4],
    ]),
    '4 of 74 events tampered',
    'tampered',
  ],
  [cell('missing', [['missing', 1]]), '1 event missing', 'missing'],
  [cell('missing', [['verified', 7]], 2), '2 files missing, 7 events', undefined],
  [cell('tampered', [['tampered', 7]], 1), '1 file missing, 7 events tampered', 'tampered'],
])('a cell leads to the events that it tells of: %#', (shown, words, state) => {
  expect(cellText(shown)).toBe(words);
  const conditions = [
    'recipient_account_id == 111122223333',
    'aws_region == us-east-1',
    ...(state ? [`integrity == ${state}`] : []),
  ];
  expect(searchOfCell(kPlace, shown)).toMatchObject({
    view: 'search',
    q: conditions.join(' and '),
    from: '2021-07-29T00:00:00Z',
    to: '2021-07-29T06:00:00Z',
  });
});

it.each([
  [cell('missing', [], 1), '1 file missing, 0 events'],
  [cell('quiet', []), 'no events, though the account has others of that time'],
  [cell('nothing', []), 'nothing of the account was delivered'],
])('a cell without events leads nowhere: %#', (shown, words) => {
  expect(cellText(shown)).toBe(words);
  expect(searchOfCell(kPlace, shown)).toBeUndefined();
});

it('asks for events that do not say where they are from', () =>
  expect(searchOfCell({}, cell('verified', [['verified', 1]]))?.q).toBe(
    'not recipient_account_id:* and not aws_region:* and integrity == verified',
  ));

it.each([
  ['logs/a.json.gz', 'log_file == logs/a.json.gz'],
  ['a "b" or *\u202e', 'log_file == "a \\"b\\" or *\\u202e"'],
])('the events of the file %j are %s', (name, q) => expect(searchOfFile(name)).toMatchObject({ q }));
