import { describe, expect, it } from 'vitest';
import { byteOfIndex, indexOfByte } from './byte_offset';
import { clausesOf, negated, selectionOf, valuesClause } from './clauses';
import { add, clearField, deselect, replace, select, selectedOf, selectExistence, selectOnly } from './edits';
import { fieldText, inQuotes, plainOf, valueText } from './quoting';
import { tokensOf } from './tokens';

const kHostile = [
  '',
  ' ',
  'and',
  'NOT',
  'to',
  'a b',
  '"',
  "'",
  '\\',
  '\\"',
  'ends in \\',
  '\\u0041',
  '\\n',
  'a"b\'c\\d',
  '*',
  'a*',
  '(a or b)',
  ') or (*',
  '" or *:*"',
  '[1 to 2]',
  '{x}',
  '$actor',
  '/a.*/',
  '< 5',
  ':x',
  '=x',
  '-x',
  'line\nbreak\rreturn\ttab',
  'nul\u0000bell\u0007',
  'safe\u202etxt.exe',
  '\u2066\u2069\u200b\u200f\ufeff',
  '<script>alert(1)</script>',
  'arn:aws:iam::111122223333:user/alice',
  'Zoë 😀 日本',
];

const kinds = (text: string): string =>
  tokensOf(text)
    .map(({ kind, begin, end }) => `${kind} ${text.slice(begin, end)}`)
    .join(' | ');

describe('tokens', () => {
  it.each([
    ['', ''],
    ['alice', 'value alice'],
    ['eventName:Create*', 'field eventName | relation : | value Create*'],
    ['a : b', 'field a | relation : | value b'],
    ['a:b:c', 'field a | relation : | value b:c'],
    ['a != b', 'field a | relation != | value b'],
    ['x:>5', 'field x | relation : | relation > | value 5'],
    [
      'a == "x y" and not b:*',
      'field a | relation == | string "x y" | and and | not not | field b | relation : | value *',
    ],
    ['a:(b or c)', 'field a | relation : | open ( | value b | or or | value c | close )'],
    ['a:(b:c not d)', 'field a | relation : | open ( | value b:c | not not | value d | close )'],
    ['(a:b) c', 'open ( | field a | relation : | value b | close ) | value c'],
    ['a:[1 to 5}', 'field a | relation : | range_open [ | value 1 | to to | value 5 | range_close }'],
    ['a:/x y/ b', 'field a | relation : | expression /x y/ | value b'],
    ['a:/aws/lambda/x', 'field a | relation : | value /aws/lambda/x'],
    ['a == $b.c', 'field a | relation == | reference $b.c'],
    ['p."x y:z".q:v', 'field p."x y:z".q | relation : | value v'],
    ['"broken', 'broken "broken'],
    ['a:"x\\"', 'field a | relation : | broken "x\\"'],
    ['a\\ b', 'value a\\ b'],
    ['))', 'close ) | close )'],
  ])('%s', (text, expected) => expect(kinds(text)).toBe(expected));

  it('ends for any text', () => {
    const pieces = ['"', "'", '\\', '(', ')', '[', '}', ':', '<', 'a', ' ', '/', '$', '.', '*', 'and', '!='];
    let seed = 7;
    const next = (): number => (seed = (seed * 1103515245 + 12345) % 2147483648);
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: next() % 12 }, () => pieces[next() % pieces.length]).join('');
      const tokens = tokensOf(text);
      let at = 0;
      for (const { begin, end } of tokens) {
        expect(begin, text).toBeGreaterThanOrEqual(at);
        expect(end, text).toBeGreaterThan(begin);
        at = end;
      }
      expect(at, text).toBeLessThanOrEqual(text.length);
      clausesOf(text).forEach(({ text: part }) => selectionOf(part));
    }
  });
});

describe('quoting', () => {
  it.each([
    ['alice', 'alice'],
    ['AWS::S3::Bucket', 'AWS::S3::Bucket'],
    ['and', '"and"'],
    ['a b', '"a b"'],
    ['a\\b"c', '"a\\\\b\\"c"'],
    ['x\u202ey\n', '"x\\u202ey\\n"'],
    ['*', '"*"'],
  ])('%s', (value, text) => expect(valueText(value)).toBe(text));

  it.each(kHostile)('reads back %j', value => {
    expect(plainOf(inQuotes(value))).toBe(value);
    expect(plainOf(valueText(value))).toBe(value);
    const text = valuesClause({ field: 'actor' }, [value]);
    expect(selectionOf(text)).toEqual({ field: 'actor', not: false, exists: false, values: [value] });
    expect(clausesOf(text)).toHaveLength(1);
  });

  it.each([
    ['requestParameters.bucketName', 'requestParameters.bucketName'],
    ['requestParameters.x-amz-acl:y', 'requestParameters."x-amz-acl:y"'],
    ['requestParameters.a b.c', 'requestParameters."a b".c'],
  ])('names %s', (path, text) => {
    expect(fieldText(path)).toBe(text);
    expect(selectionOf(`${text}:v`)?.field).toBe(path);
  });
});

describe('clauses', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a:b and c:d', ['a:b', 'c:d']],
    ['a:b c:d "e f"', ['a:b', 'c:d', '"e f"']],
    ['not a:b AND not not c', ['not a:b', 'not not c']],
    ['(a or b) and c:(d or e)', ['(a or b)', 'c:(d or e)']],
    ['a or b and c', ['a or b and c']],
    ['a:[1 to 2] b', ['a:[1 to 2]', 'b']],
    ['x: > 5 and y', ['x: > 5', 'y']],
    ['a and (b', ['a and (b']],
    ['a and "b', ['a and "b']],
    ['a and', ['a']],
  ])('%s', (text, expected) => expect(clausesOf(text).map(one => one.text)).toEqual(expected));

  it.each([
    ['', 'a:b', 'a:b'],
    ['*', 'a:b', 'a:b'],
    ['x or y', 'a:b', '(x or y) and a:b'],
    ['(x or y)', 'a:b', '(x or y) and a:b'],
    ['x y', 'a:b', 'x y and a:b'],
  ])('%s and %s', (query, text, expected) => expect(add(query, text)).toBe(expected));

  it.each([
    ['a:b', 'not a:b'],
    ['not a:b', 'a:b'],
    ['not not a', 'not a'],
    ['a or b', 'not (a or b)'],
    ['not (a or b)', '(a or b)'],
    ['not a or b', 'not (not a or b)'],
  ])('turns %s', (text, expected) => expect(negated(text)).toBe(expected));

  it('replaces and removes', () => {
    expect(replace('a and b and c', 1, undefined)).toBe('a and c');
    expect(replace('a and b', 1, 'not b')).toBe('a and not b');
    expect(replace('a', 0, undefined)).toBe('');
  });

  it.each([
    ['a:b', { field: 'a', not: false, exists: false, values: ['b'] }],
    ['not a:(b or "c d")', { field: 'a', not: true, exists: false, values: ['b', 'c d'] }],
    ['a:*', { field: 'a', not: false, exists: true, values: [] }],
    ['a:b*', undefined],
    ['a:(b and c)', undefined],
    ['a:[1 to 2]', undefined],
    ['a > 5', undefined],
    ['a != b', undefined],
    ['b', undefined],
    ['not not a:b', undefined],
  ])('selects %s', (text, expected) => expect(selectionOf(text)).toEqual(expected));
});

describe('edits', () => {
  const leaf = { field: 'r.x', exact: true };
  const actor = { field: 'actor' };
  it.each([
    ['includes', select('', actor, 'a'), 'actor:a'],
    ['joins by or', select('x and actor:a and y', actor, 'b'), 'x and actor:(a or b) and y'],
    ['once', select('actor:(a or b)', actor, 'b'), 'actor:(a or b)'],
    ['turns to excluded', select('actor:(a or b)', actor, 'b', true), 'actor:a and not actor:b'],
    ['excludes more', select('not actor:a', actor, 'b', true), 'not actor:(a or b)'],
    ['only', selectOnly('actor:(a or b) and x and not actor:c', actor, 'b'), 'x and actor:b'],
    ['takes away', deselect('x and not actor:(a or b)', actor, 'a'), 'x and not actor:b'],
    ['takes the last away', deselect('actor:a', actor, 'a'), ''],
    ['exists', selectExistence('not actor:* and x', actor, true), 'x and actor:*'],
    ['missing', selectExistence('x or y', actor, false), '(x or y) and not actor:*'],
    ['once in other letters', select('actor:(A or b)', actor, 'a'), 'actor:(b or a)'],
    ['each case of what is exact', select('r.x == A', leaf, 'a'), 'r.x == (A or a)'],
    ['takes away what is in other letters', deselect('x and actor:A', actor, 'a'), 'x'],
    ['stays exact', select('actor == A', actor, 'a'), 'actor == (A or a)'],
    ['takes one case of what is exact', deselect('actor == (A or a)', actor, 'a'), 'actor == A'],
    ['leaves what is exact and in other letters', deselect('actor == A', actor, 'a'), 'actor == A'],
    ['clears', clearField('actor:a and x and not actor:b', actor), 'x'],
  ])('%s', (_name, result, expected) => expect(result).toBe(expected));

  it('tell what is selected in whichever letters', () => {
    const { isIn, isOut } = selectedOf('actor:Alice and not actor:BOB', actor);
    expect([isIn('alice'), isIn('bob'), isOut('bob'), isOut('alice')]).toEqual([true, false, true, false]);
    expect(selectedOf('r.x == A', leaf).isIn('a')).toBe(false);
    const exact = selectedOf('actor == A', actor);
    expect([exact.isIn('A'), exact.isIn('a')]).toEqual([true, false]);
  });

  it('keeps hostile values apart', () => {
    const query = kHostile.reduce((text, value) => select(text, actor, value), 'x or y');
    expect([...selectedOf(query, actor).included]).toEqual([...new Set(kHostile)]);
    expect(kHostile.reduce((text, value) => deselect(text, actor, value), query)).toBe('(x or y)');
  });
});

describe('bytes', () => {
  it.each([
    ['abc', 2, 2],
    ['aé😀b', 3, 2],
    ['aé😀b', 7, 4],
    ['abc', 99, 3],
  ])('%s', (text, byte, index) => {
    expect(indexOfByte(text, byte)).toBe(index);
    expect(byteOfIndex(text, index)).toBe(Math.min(byte, new TextEncoder().encode(text).length));
  });
});
