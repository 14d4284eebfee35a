import { describe, expect, it } from 'vitest';
import { add, clearField, deselect, replace, select, selectedOf, selectExistence, selectOnly } from './edits';
import { structured } from './structured';
import { structuredTokens } from './structured_tokens';

const writing = { language: structured, same: (one: string, other: string): boolean => one === other };

const kinds = (text: string): string =>
  structuredTokens(text)
    .map(({ kind, begin, end }) => `${kind} ${text.slice(begin, end)}`)
    .join(' | ');

describe('tokens of the structured syntax', () => {
  it.each([
    ['', ''],
    ["a:'b'", "field a | relation : | string 'b'"],
    [
      "(and a:'b' (not c:5))",
      "open ( | and and | field a | relation : | string 'b' | open ( | not not | field c | relation : | value 5 | close ) | close )",
    ],
    [
      "(term field=a 'x')",
      "open ( | operator term | field field | relation = | value a | string 'x' | close )",
    ],
    ["t:['x',}", "field t | relation : | range_open [ | string 'x' | to , | range_close }"],
    ['matchall', 'operator matchall'],
    ["'it\\'s'", "string 'it\\'s'"],
    ["a:'b", "field a | relation : | broken 'b"],
    ['%a', 'broken % | value a'],
  ])('%s', (text, expected) => expect(kinds(text)).toBe(expected));
});

describe('clauses of the structured syntax', () => {
  it.each([
    ['', []],
    ['matchall', []],
    ['(matchall)', []],
    ["a:'b'", ["a:'b'"]],
    ["(and a:'b' (not c:'d'))", ["a:'b'", "(not c:'d')"]],
    ["(and boost=2 a:'b' c:'d')", ["(and boost=2 a:'b' c:'d')"]],
    ["(or a:'b' c:'d')", ["(or a:'b' c:'d')"]],
    ["(and a:'b'", ["(and a:'b'"]],
    ["(and (range field=a [1,5]) (prefix field=b 'x'))", ['(range field=a [1,5])', "(prefix field=b 'x')"]],
  ])('%s', (text, expected) => expect(structured.clauses(text).map(one => one.text)).toEqual(expected));

  it.each([
    ["a:'b'", { field: 'a', not: false, exists: false, values: ['b'] }],
    ["(term field=a 'b')", { field: 'a', not: false, exists: false, values: ['b'] }],
    ["(term field='a b' 5)", { field: 'a b', not: false, exists: false, values: ['5'] }],
    [
      "(not (or a:'b' (wildcard field=a 'x\\\\*y')))",
      { field: 'a', not: true, exists: false, values: ['b', 'x*y'] },
    ],
    ['a:{,}', { field: 'a', not: false, exists: true, values: [] }],
    ['(not a:{ , })', { field: 'a', not: true, exists: true, values: [] }],
    ["(wildcard field=a 'x*')", undefined],
    ["(prefix field=a 'x')", undefined],
    ["(or a:'b' c:'d')", undefined],
    ["(or a:'b' a:{,})", undefined],
    ['a:[1,5]', undefined],
    ["'b'", undefined],
    ["a:'b", undefined],
  ])('selects %s', (text, expected) => expect(structured.selection(text)).toEqual(expected));

  it.each([
    ["a:'b'", "(not a:'b')"],
    ["(not a:'b')", "a:'b'"],
    ["(not boost=2 a:'b')", "(not (not boost=2 a:'b'))"],
  ])('turns %s', (text, expected) => expect(structured.negated(text)).toBe(expected));

  it.each([
    ['', true],
    ['(and a:1 b:2)', true],
    ["(and a:'1", false],
    ['a:1 b:2', false],
    ['('.repeat(100_000), false],
    [`${'(not '.repeat(200)}a:1${')'.repeat(200)}`, false],
  ])('can be added to: %.20s', (text, expected) => expect(structured.isWhole(text)).toBe(expected));
});

describe('edits of the structured syntax', () => {
  const actor = { field: 'actor' };
  const agent = { field: 'user_agent', exact: true };
  it.each([
    ['includes', select('', actor, 'a', false, writing), "actor:'a'"],
    ['includes in all', select('matchall', actor, 'a', false, writing), "actor:'a'"],
    ['adds', select("x:'y'", actor, 'a', false, writing), "(and x:'y' actor:'a')"],
    [
      'joins by or',
      select("(and x:'y' actor:'a')", actor, 'b', false, writing),
      "(and x:'y' (or actor:'a' actor:'b'))",
    ],
    [
      'turns to excluded',
      select("(or actor:'a' actor:'b')", actor, 'b', true, writing),
      "(and actor:'a' (not actor:'b'))",
    ],
    [
      'only',
      selectOnly("(and (or actor:'a' actor:'b') x:'y')", actor, 'b', writing),
      "(and x:'y' actor:'b')",
    ],
    [
      'takes away',
      deselect("(and x:'y' (not (or actor:'a' actor:'b')))", actor, 'a', writing),
      "(and x:'y' (not actor:'b'))",
    ],
    ['takes the last away', deselect("actor:'a'", actor, 'a', writing), ''],
    [
      'missing',
      selectExistence("(or x:'1' y:'2')", actor, false, writing),
      "(and (or x:'1' y:'2') (not actor:{,}))",
    ],
    ['clears', clearField("(and actor:'a' x:'y' (not actor:'b'))", actor, writing), "x:'y'"],
    [
      'text by all of its value',
      select('', agent, 'a*\\', false, writing),
      "(wildcard field=user_agent 'a\\\\*\\\\\\\\')",
    ],
    ['numbers', select('', { field: 'bytes_in', number: true }, '5', false, writing), 'bytes_in:5'],
    [
      'names of any shape',
      select('', { field: 'r.x y', exact: true }, '1', true, writing),
      "(not (wildcard field='r.x y' '1'))",
    ],
    ['replaces', replace('(and a:1 b:2)', 1, ' (not b:2) ', structured), '(and a:1 (not b:2))'],
    ['adds to an and', add('(and a:1 b:2)', 'c:3', structured), '(and a:1 b:2 c:3)'],
  ])('%s', (_name, result, expected) => expect(result).toBe(expected));

  it('keeps hostile values apart', () => {
    const values = ["'", "\\'", '\\', '*', '?', '\\*', ") (or x:'", '\u202e', 'line\nbreak', '"', ',', '{,}'];
    for (const target of [actor, agent]) {
      const query = values.reduce((text, value) => select(text, target, value, false, writing), "x:'y'");
      expect([...selectedOf(query, target, writing).included]).toEqual(values);
      expect(structured.isWhole(query)).toBe(true);
      expect(values.reduce((text, value) => deselect(text, target, value, writing), query)).toBe("x:'y'");
    }
  });
});
