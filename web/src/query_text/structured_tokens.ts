import type { Token, TokenKind } from './tokens';

const kName = /[\p{L}_@][\p{L}\p{N}_.@-]*/uy;
const kNumber = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const kString = /'(?:\\[^]|[^'\\])*'/y;
const kQuoted = /"(?:\\[^]|[^"\\])*"/y;
const kSpace = /\s+/y;

const kSigns: Readonly<Record<string, TokenKind>> = {
  '(': 'open',
  ')': 'close',
  '[': 'range_open',
  '{': 'range_open',
  ']': 'range_close',
  '}': 'range_close',
  ',': 'to',
  ':': 'relation',
  '=': 'relation',
};

const kJoins: readonly string[] = ['and', 'or', 'not'];

/** Takes text of CloudSearch's structured syntax apart. Never fails: what cannot stand there is `broken`. */
export function structuredTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0].length ?? 0;
  };
  while (at < text.length) {
    const begin = at;
    const space = take(kSpace);
    if (space > 0) {
      at += space;
      continue;
    }
    const [kind, length] = tokenAt(text, at, take, tokens.at(-1)?.kind);
    at += length;
    if (kind === 'relation') nameBefore(tokens);
    tokens.push({ kind, begin, end: at });
  }
  return tokens;
}

function tokenAt(
  text: string,
  at: number,
  take: (pattern: RegExp) => number,
  before: TokenKind | undefined,
): [TokenKind, number] {
  const sign = kSigns[text.charAt(at)];
  if (sign) return [sign, 1];
  const quoted = take(kString) || take(kQuoted);
  if (quoted > 0) return ['string', quoted];
  const name = take(kName);
  if (name > 0) {
    const word = text.slice(at, at + name);
    if (before === 'open') return [kJoins.includes(word) ? (word as TokenKind) : 'operator', name];
    return [word === 'matchall' ? 'operator' : 'value', name];
  }
  const number = take(kNumber);
  if (number > 0) return ['value', number];
  // A string without an end reaches to the end.
  return ['broken', /['"]/.test(text.charAt(at)) ? text.length - at : 1];
}

/** What stands before a sign is the name of a field, or of an option. */
function nameBefore(tokens: Token[]): void {
  const before = tokens.at(-1);
  if (before?.kind === 'value' || before?.kind === 'operator') before.kind = 'field';
}
