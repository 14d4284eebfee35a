import * as edits from '../query_text/edits';
import { kql, type Language } from '../query_text/language';
import { structured } from '../query_text/structured';
import { toast } from '../ui/toast';
import { ask, change } from './ask';
import type { Syntax } from './ask_shape';
import { isSameField, targetOf } from './fields';

/** The conditions of the present query, read and changed in whichever language it is written. */

const kLanguages: Readonly<Record<Syntax, Language>> = { kql, structured };

export function languageOf(syntax: Syntax): Language {
  return kLanguages[syntax];
}

/** The language of the present query. */
export function language(): Language {
  return languageOf(ask.value.syntax);
}

const writing = (): edits.Writing => ({ language: language(), same: isSameField });

/** Asks for the query that `make` makes; refuses where the present one is not whole, and says so. */
function edit(make: (query: string, writing: edits.Writing) => string): void {
  const { q } = ask.value;
  const present = writing();
  if (!present.language.isWhole(q)) return toast('Finish the query first: a bracket or quote has no end');
  change({ q: make(q, present) });
}

export function include(name: string, value: string): void {
  edit((q, written) => edits.select(q, targetOf(name), value, false, written));
}

export function exclude(name: string, value: string): void {
  edit((q, written) => edits.select(q, targetOf(name), value, true, written));
}

export function only(name: string, value: string): void {
  edit((q, written) => edits.selectOnly(q, targetOf(name), value, written));
}

/** Neither included nor excluded any more. */
export function release(name: string, value: string): void {
  edit((q, written) => edits.deselect(q, targetOf(name), value, written));
}

/** Included, or released where it is. */
export function toggleIncluded(name: string, value: string): void {
  (selected(name).isIn(value) ? release : include)(name, value);
}

/** Excluded, or released where it is. */
export function toggleExcluded(name: string, value: string): void {
  (selected(name).isOut(value) ? release : exclude)(name, value);
}

/** Only events that have a value of the field, or only those that have none. */
export function existence(name: string, exists: boolean): void {
  edit((q, written) => edits.selectExistence(q, targetOf(name), exists, written));
}

/** The same, or all again where it is so. */
export function toggleExistence(name: string, exists: boolean): void {
  const { exists: isThere, missing } = selected(name);
  if (exists ? isThere : missing) clear(name);
  else existence(name, exists);
}

export function clear(name: string): void {
  edit((q, written) => edits.clearField(q, targetOf(name), written));
}

/** One more condition, as it is written. */
export function add(clause: string): void {
  edit((q, written) => edits.add(q, clause, written.language));
}

/** What the query selects of a field. */
export function selected(name: string): edits.FieldSelection {
  return edits.selectedOf(ask.value.q, targetOf(name), writing());
}

/** The query as it were if nothing were selected of a field; undefined where nothing is. */
export function withoutField(name: string): string | undefined {
  const { included, excluded, exists, missing } = selected(name);
  if (included.size + excluded.size === 0 && !exists && !missing) return undefined;
  return edits.clearField(ask.value.q, targetOf(name), writing());
}
