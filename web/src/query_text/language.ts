import type { Clause, Selection, Target } from './clauses';
import { clausesOf, existsClause, joinClauses, negated, selectionOf, valuesClause } from './clauses';
import { tokensOf, type Token } from './tokens';

/** How conditions are read from and written in one of the languages of queries. */
export interface Language {
  tokens: (query: string) => Token[];
  /** Whether `query` can be added to: all that was opened is closed. */
  isWhole: (query: string) => boolean;
  /** The conditions that a query joins by *and*; one where it cannot be taken apart. */
  clauses: (query: string) => Clause[];
  selection: (clause: string) => Selection | undefined;
  values: (target: Target, values: readonly string[], not?: boolean) => string;
  exists: (field: Target['field'], not?: boolean) => string;
  /** The clauses as one query; nothing when there are none. */
  join: (clauses: readonly string[]) => string;
  negated: (clause: string) => string;
  /** Whether values are equal that differ in case alone, of targets that are not exact. */
  ignoresCase: boolean;
}

/** The everyday language: docs/queries.md#the-everyday-language. */
export const kql: Language = {
  tokens: tokensOf,
  isWhole: query => {
    let depth = 0;
    for (const { kind } of tokensOf(query)) {
      if (kind === 'broken') return false;
      if (kind === 'open' || kind === 'range_open') depth++;
      if (kind === 'close' || kind === 'range_close') depth--;
      if (depth < 0) return false;
    }
    return depth === 0;
  },
  clauses: query => (query.trim() === '*' ? [] : clausesOf(query)),
  selection: selectionOf,
  values: valuesClause,
  exists: existsClause,
  join: joinClauses,
  negated,
  ignoresCase: true,
};
