import type { Suggestions } from '../api/suggest';
import { indexOfByte } from '../query_text/byte_offset';
import { inQuotes, valueText } from '../query_text/quoting';
import type { Syntax } from '../state/ask';
import { countText } from '../ui/count';
import { visibleString } from '../ui/visible_text';

/** One entry of the list: what is shown, and what takes the place of the text. */
export interface Entry {
  label: string;
  detail: string;
  text: string;
  kind: 'field' | 'operator' | 'value';
}

/** The entries for the text from `begin` up to `end`, in UTF-16 units. */
export interface Entries {
  begin: number;
  end: number;
  entries: Entry[];
}

export const kMostEntries = 50;

/** A value as it is written at a place that may stand within quotes already. */
function writtenValue(value: string, before: string, after: string, syntax: Syntax): string {
  if (before !== '"' && before !== "'") {
    return syntax === 'kql' ? valueText(value) : quotedIn(value, "'", syntax);
  }
  const inside = quotedIn(value, before, syntax).slice(1);
  return after === before ? inside.slice(0, -1) : inside;
}

function quotedIn(value: string, quote: string, syntax: Syntax): string {
  if (syntax === 'structured') return `${quote}${value.replace(/[\\']/g, '\\$&')}${quote}`;
  const double = inQuotes(value);
  if (quote === '"') return double;
  return `'${double.slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
}

/** What the server suggests for `text`, as a list. */
export function entriesOf(suggestions: Suggestions, text: string, syntax: Syntax): Entries {
  const begin = indexOfByte(text, suggestions.replace.begin);
  const end = indexOfByte(text, suggestions.replace.end);
  const [before, after] = [text.charAt(begin - 1), text.charAt(end)];
  const values = (suggestions.values ?? []).map(({ value, count }): Entry => ({
    label: visibleString(value),
    detail: count === undefined ? '' : countText(count),
    text: writtenValue(value, before, after, syntax),
    kind: 'value',
  }));
  const fields = (suggestions.fields ?? []).map(({ name, help }): Entry => ({
    label: name,
    detail: help,
    text: after === ':' ? name : `${name}:`,
    kind: 'field',
  }));
  const operators = (suggestions.operators ?? []).map(({ text: written, help }): Entry => ({
    label: written.trim(),
    detail: help,
    text: written,
    kind: 'operator',
  }));
  return { begin, end, entries: [...values, ...fields, ...operators].slice(0, kMostEntries) };
}
