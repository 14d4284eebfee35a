import type { Selection, Target } from './clauses';
import { kql, type Language } from './language';

/** Whether two names mean the same field, as the server would have it. */
export type SameField = (written: string, name: string) => boolean;

/** How a query is read and written. */
export interface Writing {
  language: Language;
  same: SameField;
}

const kPlain: Writing = {
  language: kql,
  same: (written, name) => written.toLowerCase() === name.toLowerCase(),
};

interface Found {
  index: number;
  selection: Selection;
}

function find(
  query: string,
  target: Target,
  { language, same }: Writing,
  wanted: (one: Selection) => boolean,
): Found[] {
  const name = nameOf(target);
  return language.clauses(query).flatMap(({ text }, index) => {
    const selection = language.selection(text);
    return selection && same(selection.field, name) && wanted(selection) ? [{ index, selection }] : [];
  });
}

const nameOf = (target: Target): string =>
  typeof target.field === 'string' ? target.field : target.field.join('.');

/** What values of `target` have in common that find the same events. */
function foldedBy(target: Target, { language }: Writing): (value: string) => string {
  return language.ignoresCase && !target.exact ? value => value.toLowerCase() : value => value;
}

/** `target` as a clause that is there compares it. */
function asIn({ exact }: Selection, target: Target): Target {
  return exact ? { ...target, exact } : target;
}

/** The query with one more condition. */
export function add(query: string, clause: string, language = kql): string {
  const trimmed = query.trim();
  // A query of several parts is one of them, so that how it was written stays.
  const parts = language === kql && trimmed !== '' && trimmed !== '*' ? [trimmed] : texts(query, language);
  return language.join([...parts, clause]);
}

const texts = (query: string, language: Language): string[] =>
  language.clauses(query).map(clause => clause.text);

/** The query without its clause number `index`, or with `text` in its place. */
export function replace(query: string, index: number, text: string | undefined, language = kql): string {
  const parts = texts(query, language);
  parts.splice(index, 1, ...(text === undefined || text.trim() === '' ? [] : [text.trim()]));
  return language.join(parts);
}

/** The query with `value` among those that `target` may have, or must not have. Twice is as once. */
export function select(
  query: string,
  target: Target,
  value: string,
  not = false,
  writing: Writing = kPlain,
): string {
  const { language } = writing;
  const cleared = deselect(query, target, value, writing);
  const [found] = find(cleared, target, writing, one => one.not === not && !one.exists);
  if (!found) return add(cleared, language.values(target, [value], not), language);
  const all = [...found.selection.values, value];
  const text = language.values(asIn(found.selection, target), all, not);
  return replace(cleared, found.index, text, language);
}

/** The query in which `value` is the only one that `target` may have. */
export function selectOnly(query: string, target: Target, value: string, writing: Writing = kPlain): string {
  const { language } = writing;
  return add(clearField(query, target, writing), language.values(target, [value]), language);
}

/** The query without a word about `value` of `target`. */
export function deselect(query: string, target: Target, value: string, writing: Writing = kPlain): string {
  const { language } = writing;
  const others = (one: Selection): string[] => {
    const folded = foldedBy(asIn(one, target), writing);
    return one.values.filter(other => folded(other) !== folded(value));
  };
  const [found] = find(query, target, writing, one => others(one).length < one.values.length);
  if (!found) return query;
  const { selection } = found;
  const rest = others(selection);
  const text = rest.length === 0 ? undefined : language.values(asIn(selection, target), rest, selection.not);
  return replace(query, found.index, text, language);
}

/** The query without the clauses that are `wanted` of those that select values of `target`. */
function without(
  query: string,
  target: Target,
  writing: Writing,
  wanted: (one: Selection) => boolean,
): string {
  const found = find(query, target, writing, wanted);
  return found.reduceRight((text, { index }) => replace(text, index, undefined, writing.language), query);
}

/** The query of events that have a value of `target`, or have none. */
export function selectExistence(
  query: string,
  target: Target,
  exists: boolean,
  writing: Writing = kPlain,
): string {
  const cleared = without(query, target, writing, one => one.exists);
  return add(cleared, writing.language.exists(target.field, !exists), writing.language);
}

/** The query without the clauses that select values of `target`. */
export function clearField(query: string, target: Target, writing: Writing = kPlain): string {
  return without(query, target, writing, () => true);
}

export interface FieldSelection {
  /** The values, as they are written. */
  included: ReadonlySet<string>;
  excluded: ReadonlySet<string>;
  exists: boolean;
  missing: boolean;
  /** What a value has in common with those that find the same events. */
  folded: (value: string) => string;
  /** Whether what is written includes a value, which may be in other letters. */
  isIn: (value: string) => boolean;
  isOut: (value: string) => boolean;
}

/** What the clauses of the query select of one field. */
export function selectedOf(query: string, target: Target, writing: Writing = kPlain): FieldSelection {
  const found = find(query, target, writing, () => true).map(one => one.selection);
  const values = (not: boolean): ReadonlySet<string> =>
    new Set(found.flatMap(one => (one.not === not ? one.values : [])));
  const within = (not: boolean): ((value: string) => boolean) => {
    const tests = found.flatMap(one => {
      const folded = foldedBy(asIn(one, target), writing);
      const set = new Set(one.values.map(folded));
      return one.not === not ? [(value: string) => set.has(folded(value))] : [];
    });
    return value => tests.some(test => test(value));
  };
  return {
    included: values(false),
    excluded: values(true),
    exists: found.some(one => one.exists && !one.not),
    missing: found.some(one => one.exists && one.not),
    folded: foldedBy(target, writing),
    isIn: within(false),
    isOut: within(true),
  };
}
