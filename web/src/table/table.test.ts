import { describe, expect, it } from 'vitest';
import type { Hit } from '../api/types';
import { laidOut, movedColumn, resized, withColumn, withoutColumn } from './columns';
import { stepped } from './keyboard';
import { Items, placeOfTime } from './rows';
import { DocumentOrder, Slots } from './slots';

describe('columns', () => {
  it.each<[number, number, string]>([
    [0, 2, 'bca'],
    [2, 0, 'cab'],
    [1, 1, 'abc'],
    [0, 9, 'bca'],
    [2, -1, 'cab'],
    [7, 0, 'abc'],
  ])('move %i to %i', (from, to, expected) =>
    expect(movedColumn(['a', 'b', 'c'], from, to).join('')).toBe(expected),
  );

  it('are there once, and one at least', () => {
    expect(withColumn(['a'], 'b')).toEqual(['a', 'b']);
    expect(withColumn(['a', 'b'], 'a')).toEqual(['a', 'b']);
    expect(withoutColumn(['a', 'b'], 'a')).toEqual(['b']);
    expect(withoutColumn(['a'], 'a')).toEqual(['a']);
  });

  it.each<[string, Record<string, number>, number, number[]]>([
    ['what is left goes to those that nobody chose', { a: 100 }, 500, [100, 200, 200]],
    ['what is left goes to the last when all were chosen', { a: 100, b: 100, c: 100 }, 500, [100, 100, 300]],
    ['none is narrower than it should be', { a: 900 }, 500, [900, 160, 160]],
    ['names of every object are no widths', {}, 480, [160, 160, 160]],
  ])('%s', (_, chosen, available, expected) => {
    const names = _.startsWith('names') ? ['constructor', 'toString', '__proto__'] : ['a', 'b', 'c'];
    expect(laidOut(names, chosen, available)).toEqual(expected);
  });

  it.each<[number, number]>([
    [300, 300],
    [1, 48],
    [99_999, 2000],
  ])('made %i wide are %i, and the others stay', (wanted, width) =>
    expect(resized(['a', 'b'], [200, 250], { z: 90 }, 'a', wanted)).toEqual({ a: width, b: 250, z: 90 }),
  );
});

describe('the keyboard', () => {
  const extent = { rows: 100, columns: 4, page: 20 };
  it.each<[string, boolean, [number, number], [number, number] | undefined]>([
    ['ArrowDown', false, [5, 2], [6, 2]],
    ['ArrowDown', false, [99, 2], [99, 2]],
    ['ArrowUp', false, [0, 2], [-1, 2]],
    ['ArrowUp', false, [-1, 2], [-1, 2]],
    ['ArrowLeft', false, [3, 0], [3, 0]],
    ['ArrowRight', false, [3, 0], [3, 1]],
    ['Home', false, [3, 2], [3, 0]],
    ['End', false, [3, 2], [3, 3]],
    ['Home', true, [3, 2], [0, 2]],
    ['End', true, [3, 2], [99, 2]],
    ['PageDown', false, [90, 1], [99, 1]],
    ['PageUp', false, [30, 1], [10, 1]],
    ['PageUp', false, [5, 1], [0, 1]],
    ['k', false, [0, 1], [0, 1]],
    ['x', false, [5, 1], undefined],
    ['ArrowDown', true, [5, 1], undefined],
  ])('%s (with Ctrl: %s) from %j', (key, far, [row, column], expected) => {
    const to = stepped({ row, column }, key, far, extent);
    expect(to && [to.row, to.column]).toEqual(expected);
  });

  it('stays where there are no rows', () =>
    expect(stepped({ row: -1, column: 0 }, 'ArrowDown', false, { ...extent, rows: 0 })?.row).toBe(-1));
});

function hitAt(time: string, id = time): Hit {
  return { id, time, fields: {} };
}

describe('the list', () => {
  const hits = ['c', 'b', 'a'].map(id => hitAt('2021-07-01T00:00:00Z', id));
  const keys = (items: Items): string[] => Array.from({ length: items.count }, (_, at) => items.key(at));

  it.each<[number, boolean, string[]]>([
    [-1, false, ['c', 'b', 'a']],
    [1, false, ['c', 'b', 'b\ndetail', 'a']],
    [2, true, ['c', 'b', 'a', 'a\ndetail', 'tail']],
    [-1, true, ['c', 'b', 'a', 'tail']],
  ])('with %i open', (open, tail, expected) => {
    const items = new Items(hits, open, tail);
    expect(keys(items)).toEqual(expected);
    hits.forEach(({ id }, at) => expect(items.key(items.indexOf(at))).toBe(id));
  });

  it.each<[string, boolean, number | undefined]>([
    ['2021-07-05T00:00:00Z', true, 0],
    ['2021-07-03T00:00:00Z', true, 0],
    ['2021-07-02T12:00:00Z', true, 1],
    ['2021-07-01T00:00:00Z', true, 2],
    ['2021-06-30T00:00:00Z', true, undefined],
    ['2021-07-02T12:00:00Z', false, 2],
    ['2021-07-04T00:00:00Z', false, undefined],
  ])('has %s (descending: %s) at', (time, descending, place) => {
    const days = ['2021-07-03T00:00:00Z', '2021-07-02T00:00:00Z', '2021-07-01T00:00:00Z'].map(one =>
      hitAt(one),
    );
    if (!descending) days.reverse();
    expect(placeOfTime(days, Date.parse(time), descending)).toBe(place);
  });
});

describe('slots', () => {
  it('stay with their places, and go to new ones', () => {
    const slots = new Slots();
    expect(slots.assign([0, 1, 2])).toEqual([0, 1, 2]);
    const [two, three, four] = slots.assign([2, 3, 4]);
    expect(two).toBe(2);
    expect([three, four].sort()).toEqual([0, 1]);
    const far = slots.assign([3, 90, 91, 92]);
    expect(far[0]).toBe(three);
    expect(new Set(far).size).toBe(4);
  });
});

describe('the order of the document', () => {
  const keys = (...all: string[]): { key: string }[] => all.map(key => ({ key }));
  const order = new DocumentOrder<string>();
  it.each<[string, string, boolean, string]>([
    ['is that of the list', 'a b c', false, 'a b c'],
    ['stays while it moves', 'b c a', true, 'a b c'],
    ['has what is new behind', 'c d a e', true, 'a c d e'],
    ['is that of the list at rest', 'c d a e', false, 'c d a e'],
  ])('%s', (_, list, isMoving, expected) =>
    expect(order.arranged(keys(...list.split(' ')), isMoving)).toEqual(keys(...expected.split(' '))),
  );
});
