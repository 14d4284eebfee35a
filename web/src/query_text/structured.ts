import type { Clause, Selection, Target } from './clauses';
import type { Language } from './language';
import { structuredTokens } from './structured_tokens';
import type { Token } from './tokens';

/** A condition of CloudSearch's structured syntax. */
interface Condition {
  begin: number;
  end: number;
  /** `and`, `or`, `not`, `term`, …; absent of `field:value`, and of a string alone. */
  operator?: string;
  options: ReadonlyMap<string, string>;
  operands: Condition[];
  field?: string;
  /** As written: a string with its quotes, a number, or a range. */
  value?: string;
}

/** As deep as the server reads. */
const kDeepest = 128;
const kNoOptions: ReadonlyMap<string, string> = new Map();

class Parser {
  private at = 0;
  private readonly tokens: Token[];

  constructor(private readonly text: string) {
    this.tokens = structuredTokens(text);
  }

  /** The condition that the whole text is; undefined when it is none. */
  whole(): Condition | undefined {
    const condition = this.condition(0);
    return this.at === this.tokens.length ? condition : undefined;
  }

  private take(...kinds: Token['kind'][]): Token | undefined {
    const token = this.tokens[this.at];
    if (!token || !kinds.includes(token.kind)) return undefined;
    this.at++;
    return token;
  }

  private source(begin: number, end: number): string {
    return this.text.slice(begin, end);
  }

  private condition(depth: number): Condition | undefined {
    if (depth > kDeepest) return undefined;
    const first = this.take('open', 'field', 'string', 'operator');
    if (!first) return undefined;
    if (first.kind === 'open') return this.inBrackets(first, depth);
    const text = this.source(first.begin, first.end);
    const plain = { begin: first.begin, end: first.end, options: kNoOptions, operands: [] };
    if (first.kind === 'operator') return { ...plain, operator: text };
    if (first.kind === 'string') return { ...plain, value: text };
    const sign = this.take('relation');
    if (!sign || this.source(sign.begin, sign.end) !== ':') return undefined;
    const value = this.value();
    return value && { ...plain, end: value.end, field: text, value: this.source(value.begin, value.end) };
  }

  /** A string, a number or a range. */
  private value(): { begin: number; end: number } | undefined {
    const one = this.take('string', 'value');
    if (one) return one;
    const open = this.take('range_open');
    if (!open) return undefined;
    while (this.take('string', 'value', 'to'));
    const close = this.take('range_close');
    return close && { begin: open.begin, end: close.end };
  }

  private inBrackets(open: Token, depth: number): Condition | undefined {
    const operator = this.take('and', 'or', 'not', 'operator');
    if (!operator) return undefined;
    const options = this.options();
    if (!options) return undefined;
    const operands: Condition[] = [];
    let value: string | undefined;
    for (let close = this.take('close'); !close; close = this.take('close')) {
      const isText = this.tokens[this.at]?.kind === 'value' || this.tokens[this.at]?.kind === 'range_open';
      const operand = isText ? undefined : this.condition(depth + 1);
      if (operand) operands.push(operand);
      else {
        const found = isText ? this.value() : undefined;
        if (!found) return undefined;
        value = this.source(found.begin, found.end);
      }
    }
    const end = this.tokens[this.at - 1]?.end ?? open.end;
    const name = this.source(operator.begin, operator.end);
    return {
      begin: open.begin,
      end,
      operator: name,
      options,
      operands,
      ...(value !== undefined && { value }),
    };
  }

  private options(): Map<string, string> | undefined {
    const options = new Map<string, string>();
    while (this.tokens[this.at]?.kind === 'field') {
      const [name, sign] = [this.tokens[this.at], this.tokens[this.at + 1]];
      if (!name || !sign || this.source(sign.begin, sign.end) !== '=') return options;
      this.at += 2;
      const value = this.take('value', 'string');
      if (!value) return undefined;
      options.set(this.source(name.begin, name.end), plainText(this.source(value.begin, value.end)));
    }
    return options;
  }
}

function parsed(text: string): Condition | undefined {
  return new Parser(text).whole();
}

function plainText(source: string): string {
  return /^['"]/.test(source) ? source.slice(1, -1).replace(/\\([^])/g, '$1') : source;
}

function inQuotes(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

const isPlain = (condition: Condition, operator: string): boolean =>
  condition.operator === operator && condition.options.size === 0;

function clauses(query: string): Clause[] {
  const trimmed = query.trim();
  if (trimmed === '') return [];
  const whole = parsed(query);
  if (whole && isPlain(whole, 'matchall')) return [];
  const parts = whole && isPlain(whole, 'and') && whole.operands.length > 0 ? whole.operands : undefined;
  const begin = query.indexOf(trimmed);
  if (!parts) return [{ text: trimmed, begin, end: begin + trimmed.length }];
  return parts.map(part => ({ text: query.slice(part.begin, part.end), begin: part.begin, end: part.end }));
}

/** A pattern of `wildcard` that holds no sign: the value that alone is like it. */
function literalOf(pattern: string): string | undefined {
  if (/[*?]/.test(pattern.replace(/\\[^]/g, ''))) return undefined;
  return pattern.replace(/\\([^])/g, '$1');
}

const kNoBounds = /^\{\s*,\s*\}$/;

/** Field and value of one condition; the value is undefined where the field must exist. */
function comparison(condition: Condition): { field: string; value: string | undefined } | undefined {
  const { operator, field, value, options, operands } = condition;
  if (field !== undefined && value !== undefined) {
    if (kNoBounds.test(value)) return { field, value: undefined };
    return /^[[{]/.test(value) ? undefined : { field, value: plainText(value) };
  }
  const named = options.get('field');
  const source = value ?? (operands.length === 1 ? operands[0]?.value : undefined);
  if (named === undefined || options.size !== 1 || source === undefined) return undefined;
  if (operator === 'range' && kNoBounds.test(source)) return { field: named, value: undefined };
  if (/^[[{]/.test(source)) return undefined;
  if (operator === 'term') return { field: named, value: plainText(source) };
  const literal = operator === 'wildcard' ? literalOf(plainText(source)) : undefined;
  return literal === undefined ? undefined : { field: named, value: literal };
}

function selection(text: string): Selection | undefined {
  const whole = parsed(text);
  if (!whole) return undefined;
  const not = isPlain(whole, 'not') && whole.operands.length === 1;
  const inner = not ? (whole.operands[0] as Condition) : whole;
  const found = (isPlain(inner, 'or') ? inner.operands : [inner]).map(comparison);
  const field = found[0]?.field;
  if (field === undefined || found.some(one => one?.field !== field)) return undefined;
  const values = found.flatMap(one => (one?.value === undefined ? [] : [one.value]));
  if (values.length === 0 && found.length === 1) return { field, not, exists: true, values };
  return values.length === found.length ? { field, not, exists: false, values } : undefined;
}

const nameOf = (target: Target['field']): string => (typeof target === 'string' ? target : target.join('.'));

const kBareName = /^[\p{L}_@][\p{L}\p{N}_.@-]*$/u;

/** Text fields are compared by words, and only `wildcard` looks at all of a value. */
function equals({ field, exact, number }: Target, value: string): string {
  const name = nameOf(field);
  const written = kBareName.test(name) ? name : inQuotes(name);
  if (exact) return `(wildcard field=${written} ${inQuotes(value.replace(/[\\*?]/g, '\\$&'))})`;
  const text = number ? value : inQuotes(value);
  return kBareName.test(name) ? `${name}:${text}` : `(term field=${written} ${text})`;
}

const inNot = (text: string, not: boolean): string => (not ? `(not ${text})` : text);

/** CloudSearch's structured syntax: docs/queries.md#grammar. Its comparisons look at case. */
export const structured: Language = {
  tokens: structuredTokens,
  isWhole: query => query.trim() === '' || parsed(query) !== undefined,
  clauses,
  selection,
  values: (target, values, not = false) => {
    const all = values.map(value => equals(target, value));
    return inNot(all.length === 1 ? (all[0] as string) : `(or ${all.join(' ')})`, not);
  },
  exists: (field, not = false) => {
    const name = nameOf(field);
    return inNot(kBareName.test(name) ? `${name}:{,}` : `(range field=${inQuotes(name)} {,})`, not);
  },
  join: texts => (texts.length > 1 ? `(and ${texts.join(' ')})` : (texts[0] ?? '')),
  negated: text => {
    const whole = parsed(text);
    const inner =
      whole && isPlain(whole, 'not') && whole.operands.length === 1 ? whole.operands[0] : undefined;
    return inner ? text.slice(inner.begin, inner.end) : `(not ${text.trim()})`;
  },
  ignoresCase: false,
};
