import { describe, expect, it } from 'vitest';
import type { ExplainedClause, Explanation } from '../api/types';
import { narrowest, rowsOf, withoutDead } from './rows';

function clause(begin: number, end: number, hits: number, without: number): ExplainedClause {
  return { kind: 'condition', member: 'q', at: { begin, end }, text: '', hits, without };
}

function and(end: number, ...clauses: ExplainedClause[]): Explanation {
  return {
    total: 0,
    meaning: '',
    clauses: [{ kind: 'and', member: 'q', at: { begin: 0, end }, text: '', hits: 0, without: 9, clauses }],
  };
}

describe('the conditions of a query', () => {
  it('are found in bytes, with their counts and the query without each', () => {
    const query = 'actor:zoë and (a or b) and eventName:Get*';
    const rows = rowsOf(
      and(42, clause(0, 10, 2, 7), clause(16, 22, 5, 0), clause(28, 42, 9, 1)),
      query,
      'kql',
    );
    expect(rows).toEqual([
      { text: 'actor:zoë', hits: 2, without: 7, dropped: '(a or b) and eventName:Get*' },
      { text: '(a or b)', hits: 5, without: 0, dropped: 'actor:zoë and eventName:Get*' },
      { text: 'eventName:Get*', hits: 9, without: 1, dropped: 'actor:zoë and (a or b)' },
    ]);
  });
  it('are one where the query is one', () => {
    const explanation = { total: 0, meaning: '', clauses: [clause(0, 7, 0, 9)] };
    expect(rowsOf(explanation, 'actor:x', 'kql')).toEqual([
      { text: 'actor:x', hits: 0, without: 9, dropped: '' },
    ]);
  });
  it('are cut out of a structured query', () => {
    const query = "(and a:'x' b:'y')";
    const explanation = and(
      17,
      { ...clause(5, 10, 1, 2), text: "a:'x'" },
      { ...clause(11, 16, 3, 4), text: "b:'y'" },
    );
    expect(rowsOf(explanation, query, 'structured').map(row => row.dropped)).toEqual([
      "(and b:'y')",
      "(and a:'x')",
    ]);
  });
  it('without counts are left out', () => {
    const { hits: _, ...uncounted } = clause(0, 1, 0, 0);
    expect(rowsOf({ total: 0, meaning: '', clauses: [uncounted] }, 'a', 'kql')).toEqual([]);
  });
});

it.each([
  [[1, 5, 3], 0, 1],
  [[2, 2], 2, undefined],
  [[], 0, undefined],
])('%j of %d: the narrowest is %s', (without, total, expected) => {
  const rows = without.map((count, index) => ({ text: `${index}`, hits: 0, without: count, dropped: '' }));
  expect(narrowest(rows, total)?.text).toBe(expected === undefined ? undefined : `${expected}`);
});

it('drops together what matches nothing', () => {
  const row = (text: string, hits: number) => ({ text, hits, without: 0, dropped: '' });
  const rows = [row('a:1', 0), row('(b or c)', 2), row('d', 0)];
  expect(withoutDead('a:1 and (b or c) and d', rows)).toBe('(b or c)');
  expect(withoutDead('a:1', [row('a:1', 0)])).toBe('');
});
