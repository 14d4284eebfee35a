/** Words of the everyday language made of anything, so that the server reads back what was meant. */

const kPlainValue = /^[A-Za-z0-9_][A-Za-z0-9_.:@+=,/-]*$/;
const kPlainPart = /^[A-Za-z0-9_@-]+$/;
const kOperator = /^(?:and|or|not|to)$/i;

/** Characters that a line of text cannot show: they are written by their number. */
const kUnseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const kNamed: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escapeUnseen(character: string): string {
  const named = kNamed[character];
  if (named !== undefined) return named;
  // Beyond the basic plane there is no escape in the language; such a character stays as it is.
  if (character.length > 1) return character;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `text` in double quotes. */
export function inQuotes(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(kUnseen, escapeUnseen)}"`;
}

/** A value as it stands behind `field:`: bare where that is the same, else in quotes. */
export function valueText(value: string): string {
  return kPlainValue.test(value) && !kOperator.test(value) ? value : inQuotes(value);
}

/** The name of a field, or the path of a leaf, given as its keys joined by dots or one by one. */
export function fieldText(path: string | readonly string[]): string {
  const parts = typeof path === 'string' ? path.split('.') : path;
  return parts.map((part, at) => (kPlainPart.test(part) || at === 0 ? part : inQuotes(part))).join('.');
}

/** The text of a token in quotes; the word itself when it has none. The opposite of `valueText`. */
export function plainOf(source: string): string {
  const quote = source.charAt(0);
  if (quote !== '"' && quote !== "'") {
    return source.replace(/\\([^])/g, '$1');
  }
  return source
    .slice(1, -1)
    .replace(/\\(?:(["'\\])|([tnr])|u([0-9a-fA-F]{4}))/g, (all, sign, named, code) => {
      if (sign !== undefined) return sign === quote || sign === '\\' ? sign : all;
      if (named !== undefined) return { t: '\t', n: '\n', r: '\r' }[named as 't' | 'n' | 'r'];
      return String.fromCharCode(Number.parseInt(code as string, 16));
    });
}
