import type { ExplainedClause, Explanation } from '../api/types';
import { byteOfIndex, indexOfByte } from '../query_text/byte_offset';
import { clausesOf, joinClauses } from '../query_text/clauses';
import { replace } from '../query_text/edits';
import type { Syntax } from '../state/ask_shape';

/** One condition of the query, what it does to the number of hits, and the query without it. */
export interface ExplainedRow {
  text: string;
  /** Events that answer it alone, in the time range. */
  hits: number;
  /** Hits, were it left out. */
  without: number;
  dropped: string;
}

/** The conditions that the query joins by `and`, with their counts; those without counts are left out. */
export function rowsOf(explanation: Explanation, query: string, syntax: Syntax): ExplainedRow[] {
  const own = explanation.clauses.filter(clause => clause.member === 'q');
  return syntax === 'kql' ? kqlRows(own, query) : structuredRows(own, query);
}

function kqlRows(clauses: readonly ExplainedClause[], query: string): ExplainedRow[] {
  return clausesOf(query).flatMap(({ text, begin, end }, index) => {
    const found = largestWithin(clauses, byteOfIndex(query, begin), byteOfIndex(query, end));
    return row(found, text, replace(query, index, undefined));
  });
}

/** The clause that is nearest to the whole of the stretch, brackets around it aside. */
function largestWithin(
  clauses: readonly ExplainedClause[],
  begin: number,
  end: number,
): ExplainedClause | undefined {
  for (const clause of clauses) {
    if (clause.at.begin >= begin && clause.at.end <= end) return clause;
    const inner = largestWithin(clause.clauses ?? [], begin, end);
    if (inner) return inner;
  }
  return undefined;
}

function structuredRows(clauses: readonly ExplainedClause[], query: string): ExplainedRow[] {
  const [root] = clauses;
  const joined = root?.kind === 'and' ? (root.clauses ?? []) : clauses;
  return joined.flatMap(clause => {
    const begin = indexOfByte(query, clause.at.begin);
    const end = indexOfByte(query, clause.at.end);
    const rest = joined.length === 1 ? '' : `${query.slice(0, begin).trimEnd()}${query.slice(end)}`;
    return row(clause, clause.text, rest);
  });
}

function row(clause: ExplainedClause | undefined, text: string, dropped: string): ExplainedRow[] {
  if (clause?.hits === undefined || clause.without === undefined) return [];
  return [{ text, hits: clause.hits, without: clause.without, dropped }];
}

/** The row without which there would be the most hits; undefined where none changes their number. */
export function narrowest(rows: readonly ExplainedRow[], total: number): ExplainedRow | undefined {
  const [first] = [...rows].sort((one, other) => other.without - one.without);
  return first && first.without > total ? first : undefined;
}

/** A query of `kql` without the conditions that match nothing alone. */
export function withoutDead(query: string, rows: readonly ExplainedRow[]): string {
  const dead = new Set(rows.filter(row => row.hits === 0).map(row => row.text));
  const texts = clausesOf(query).map(clause => clause.text);
  return joinClauses(texts.filter(text => !dead.has(text)));
}
