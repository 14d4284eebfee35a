import { describe, expect, it } from 'vitest';
import type { Hit } from '../api/types';
import { accountText, Joiner, type Rows } from './copies';

/** A hit that says it is a copy of the action `shared`, as it was delivered to `account`. */
function copy(id: string, shared: string, account: string, members: Record<string, string> = {}): Hit {
  const fields = {
    shared_event_id: shared,
    recipient_account_id: account,
    event_source: 'sts.amazonaws.com',
    event_name: 'AssumeRole',
    event_outcome: 'success',
    ...members,
  };
  return { id, time: '2021-07-01T00:00:00Z', fields };
}

/** Rows as texts: the ids of the hits of each. */
function told(rows: Rows): string {
  return rows.hits.map(({ id }) => (rows.copiesOf(id) ?? [{ id }]).map(one => one.id).join('+')).join(' ');
}

const kHome = '111122223333';
const kOther = '444455556666';

describe('copies of one action', () => {
  it.each<[string, string, Hit[]]>([
    [
      'are the row of the first',
      'a+c b',
      [copy('a', 's', kHome), copy('b', '', kHome), copy('c', 's', kOther)],
    ],
    ['are told by what they share', 'a b', [copy('a', 's', kHome), copy('b', 't', kOther)]],
    ['are in different accounts', 'a b', [copy('a', 's', kHome), copy('b', 's', kHome)]],
    [
      'are in accounts that are told',
      'a b c',
      [copy('a', 's', ''), copy('b', 's', kOther), copy('c', 's', '')],
    ],
    [
      'have one action',
      'a b',
      [copy('a', 's', kHome), copy('b', 's', kOther, { event_name: 'DeleteBucket' })],
    ],
    [
      'have one service',
      'a b',
      [copy('a', 's', kHome), copy('b', 's', kOther, { event_source: 's3.amazonaws.com' })],
    ],
    [
      'have one outcome, so that none hides a denial',
      'a b',
      [copy('a', 's', kHome), copy('b', 's', kOther, { event_outcome: 'failure' })],
    ],
    [
      'of several actions are several rows',
      'a+d b+c',
      [
        copy('a', 's', kHome),
        copy('b', 's', kHome, { event_name: 'x' }),
        copy('c', 's', kOther, { event_name: 'x' }),
        copy('d', 's', kOther),
      ],
    ],
    ['are no event twice', 'a a', [copy('a', 's', kHome), copy('a', 's', kOther)]],
    [
      'are not mistaken for those of other texts',
      'a b',
      [copy('a', 's","t', kHome), copy('b', 's', kOther, { event_source: 't","sts.amazonaws.com' })],
    ],
    [
      'may be called like members of every object',
      'a+b',
      [copy('a', '__proto__', kHome), copy('b', '__proto__', kOther)],
    ],
  ])('%s', (_, expected, hits) => expect(told(new Joiner().rowsOf(hits))).toBe(expected));

  it('join the row of a page before, and move nothing', () => {
    const joiner = new Joiner();
    const first = [copy('a', 's', kHome), copy('b', '', kHome)];
    expect(told(joiner.rowsOf(first))).toBe('a b');
    const longer = [...first, copy('c', 's', kOther), copy('d', '', kHome)];
    const rows = joiner.rowsOf(longer);
    expect(told(rows)).toBe('a+c b d');
    expect(['a', 'b', 'c', 'd', 'e'].map(id => rows.placeOf(id))).toEqual([0, 1, 0, 2, -1]);
    expect(told(joiner.rowsOf([...longer, copy('e', 's', '777788889999')]))).toBe('a+c+e b d');
  });

  it('are new rows for what watches them when one more has joined', () => {
    const joiner = new Joiner();
    const hits = [copy('a', 's', kHome), copy('b', 's', kOther)];
    const before = joiner.rowsOf(hits);
    const two = before.copiesOf('a');
    const after = joiner.rowsOf([...hits, copy('c', 's', '777788889999')]);
    expect(after).not.toBe(before);
    expect(two).toHaveLength(2);
    expect(after.copiesOf('a')).toHaveLength(3);
  });

  it('begin anew with another answer, also one of the same events', () => {
    const joiner = new Joiner();
    const hits = (): Hit[] => [copy('a', 's', kHome), copy('b', 's', kOther), copy('c', '', kHome)];
    joiner.rowsOf(hits());
    expect(told(joiner.rowsOf(hits()))).toBe('a+b c');
    expect(told(joiner.rowsOf([...hits(), ...hits().slice(2)].slice(1)))).toBe('b c c');
    expect(told(joiner.rowsOf([]))).toBe('');
    expect(told(joiner.rowsOf(hits()))).toBe('a+b c');
  });

  it('of a forged log are at most twenty, and the others rows of their own', () => {
    const hits = Array.from({ length: 50 }, (_, at) => copy(`e${at}`, 's', `${100_000_000_000 + at}`));
    const rows = new Joiner().rowsOf(hits);
    expect(rows.copiesOf('e0')).toHaveLength(20);
    expect(rows.hits).toHaveLength(31);
    expect(rows.copiesOf('e20')).toBeUndefined();
  });

  it('never take long, whatever a forged log says', () => {
    const kHits = 100_000;
    const forged = Array.from({ length: kHits }, (_, at) => copy(`e${at}`, 's', `${at % 30}`));
    const joiner = new Joiner();
    let looked = 0;
    const counting = forged.map(hit => ({
      ...hit,
      get fields() {
        looked++;
        return hit.fields;
      },
    }));
    for (let end = 500; end <= kHits; end += 500) joiner.rowsOf(counting.slice(0, end));
    expect(joiner.rowsOf(counting).hits).toHaveLength(kHits - 19);
    // Each is looked at when it comes, and compared with those of one row.
    expect(looked / kHits).toBeLessThan(100);
  });
});

it('names an account where its name is known', () => {
  expect(accountText(copy('a', 's', kHome))).toBe(kHome);
  expect(accountText(copy('a', 's', kHome, { account_name: 'Home' }))).toBe(`Home (${kHome})`);
});
