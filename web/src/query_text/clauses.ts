import { fieldText, plainOf, valueText } from './quoting';
import { tokensOf, type Token } from './tokens';

/** One of the conditions that a query joins by `and`: `text` is the query's own, from `begin` to `end`. */
export interface Clause {
  text: string;
  begin: number;
  end: number;
}

/** What a clause asks of one field, where it is one of the shapes that a click makes. */
export interface Selection {
  /** As written in the query. */
  field: string;
  not: boolean;
  /** `exists` is `field:*`; else events have one of `values`. */
  exists: boolean;
  values: string[];
  /** Whether it compares values with their case, whatever its field is. */
  exact?: true;
}

/**
 * The clauses of `text` in their order. A query with an `or` outside of brackets is one clause, and so is
 * one whose brackets or quotes have no end.
 */
export function clausesOf(text: string): Clause[] {
  const tokens = tokensOf(text);
  const first = tokens[0];
  const last = tokens.at(-1);
  if (!first || !last) return [];
  const whole = [clause(text, first, last)];
  const found: Clause[] = [];
  let at = 0;
  while (at < tokens.length) {
    if (tokens[at]?.kind === 'and') {
      at++;
      continue;
    }
    const end = endOfOne(tokens, at);
    if (end === undefined) return whole;
    found.push(clause(text, tokens[at] as Token, tokens[end - 1] as Token));
    at = end;
  }
  return found;
}

function clause(text: string, first: Token, last: Token): Clause {
  return { text: text.slice(first.begin, last.end), begin: first.begin, end: last.end };
}

/** Behind the last token of the condition that begins at `at`; undefined where none does. */
function endOfOne(tokens: readonly Token[], at: number): number | undefined {
  while (tokens[at]?.kind === 'not') at++;
  switch (tokens[at]?.kind) {
    case 'open':
      return endOfBrackets(tokens, at);
    case 'field':
      return endOfValue(tokens, at + 1);
    case 'value':
    case 'string':
    case 'expression':
      return at + 1;
    default:
      return undefined;
  }
}

/** Behind relation and value; a relation may be two signs, as in `field: > 5`. */
function endOfValue(tokens: readonly Token[], at: number): number | undefined {
  while (tokens[at]?.kind === 'relation') at++;
  switch (tokens[at]?.kind) {
    case 'open':
    case 'range_open':
      return endOfBrackets(tokens, at);
    case 'value':
    case 'string':
    case 'expression':
    case 'reference':
      return at + 1;
    default:
      return undefined;
  }
}

function endOfBrackets(tokens: readonly Token[], at: number): number | undefined {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    const kind = tokens[i]?.kind;
    if (kind === 'open' || kind === 'range_open') depth++;
    if (kind === 'close' || kind === 'range_close') depth--;
    if (depth === 0) return i + 1;
  }
  return undefined;
}

/** The clauses as one query; nothing when there are none. Those with an `or` of their own are put into brackets. */
export function joinClauses(clauses: readonly string[]): string {
  if (clauses.length <= 1) return clauses[0] ?? '';
  return clauses.map(text => (needsBrackets(text) ? `(${text})` : text)).join(' and ');
}

/** Whether `text` means another thing when `and …` stands behind it, or `not` before it. */
function needsBrackets(text: string): boolean {
  const tokens = tokensOf(text);
  let depth = 0;
  for (const { kind } of tokens) {
    if (kind === 'open' || kind === 'range_open') depth++;
    else if (kind === 'close' || kind === 'range_close') depth--;
    else if (depth === 0 && kind === 'or') return true;
  }
  return false;
}

/** The clause that holds where `text` does not. */
export function negated(text: string): string {
  const tokens = tokensOf(text);
  const [first, second] = tokens;
  if (first?.kind === 'not' && second) {
    const rest = text.slice(second.begin);
    if (clausesOf(text).length === 1 && !needsBrackets(text)) return rest;
  }
  return needsBrackets(text) || clausesOf(text).length > 1 ? `not (${text})` : `not ${text}`;
}

/** What a clause selects of one field; undefined for clauses of other shapes. */
export function selectionOf(text: string): Selection | undefined {
  const tokens = tokensOf(text);
  const not = tokens[0]?.kind === 'not';
  const rest = not ? tokens.slice(1) : tokens;
  const [name, relation] = rest;
  if (name?.kind !== 'field' || relation?.kind !== 'relation') return undefined;
  const sign = text.slice(relation.begin, relation.end);
  if (sign !== ':' && sign !== '=' && sign !== '==' && sign !== ':=') return undefined;
  const field = unquotedField(text.slice(name.begin, name.end));
  const values = valuesOf(text, rest.slice(2));
  if (!values) return undefined;
  const exists = values.length === 1 && values[0] === undefined;
  if (!exists && values.includes(undefined)) return undefined;
  const exact = sign === '==' && ({ exact: true } as const);
  return { field, not, exists, values: exists ? [] : (values as string[]), ...exact };
}

function unquotedField(source: string): string {
  return source.replace(/"(?:\\[^]|[^"\\])*"/g, plainOf);
}

/** The values of `value` or `(value or value …)`, undefined for `*`; undefined where it is something else. */
function valuesOf(text: string, tokens: readonly Token[]): (string | undefined)[] | undefined {
  const inBrackets = tokens[0]?.kind === 'open' && tokens.at(-1)?.kind === 'close';
  const inner = inBrackets ? tokens.slice(1, -1) : tokens;
  const values: (string | undefined)[] = [];
  for (const [at, token] of inner.entries()) {
    const source = text.slice(token.begin, token.end);
    if (at % 2 === 1) {
      if (token.kind !== 'or') return undefined;
    } else if (token.kind === 'string') {
      values.push(plainOf(source));
    } else if (token.kind === 'value' && source === '*') {
      values.push(undefined);
    } else if (token.kind === 'value' && !source.includes('*')) {
      values.push(plainOf(source));
    } else {
      return undefined;
    }
  }
  return inner.length % 2 === 1 ? values : undefined;
}

/** How a field is named and compared in a clause. */
export interface Target {
  field: string | readonly string[];
  /** Whether values are to be compared whole and with their case: text fields and leaves. */
  exact?: boolean;
  /** Whether values are whole numbers. */
  number?: boolean;
}

/** `field:value`, or `field:(a or b)`. */
export function valuesClause(target: Target, values: readonly string[], not = false): string {
  const written = values.map(valueText);
  const list = written.length === 1 ? (written[0] as string) : `(${written.join(' or ')})`;
  return `${not ? 'not ' : ''}${fieldText(target.field)}${target.exact ? ' == ' : ':'}${list}`;
}

/** `field:*`, or with `not` the events without a value. */
export function existsClause(field: string | readonly string[], not = false): string {
  return `${not ? 'not ' : ''}${fieldText(field)}:*`;
}
