/** The tokens of the everyday language (docs/queries.md), as far as a page must know them. */

export type TokenKind =
  | 'and'
  | 'or'
  | 'not'
  | 'open'
  | 'close'
  | 'field'
  | 'relation'
  | 'value'
  | 'string'
  | 'expression'
  | 'reference'
  | 'range_open'
  | 'range_close'
  | 'to'
  | 'operator'
  | 'broken';

/** A piece of the text from `begin` up to `end`, in UTF-16 units. White space is in no token. */
export interface Token {
  kind: TokenKind;
  begin: number;
  end: number;
}

const kSigns = ['!==', '!=', '==', ':=', '<=', '>=', '<', '>', ':', '='];
const kSpace = /[ \t-\r]/;

type Place = 'name' | 'value' | 'bound';

/** What encloses the present place: brackets of a query, of a field's values, or a range. */
type Enclosure = 'query' | 'values' | 'range';

class Scanner {
  position = 0;
  readonly tokens: Token[] = [];
  private readonly enclosures: Enclosure[] = [];
  private place: Place = 'name';
  /** Whether the token before was a relation, so that a value of it follows. */
  private related = false;

  constructor(private readonly text: string) {}

  run(): Token[] {
    while (this.skipSpace()) this.step();
    return this.tokens;
  }

  private skipSpace(): boolean {
    while (kSpace.test(this.at(0))) this.position++;
    return this.position < this.text.length;
  }

  private at(offset: number): string {
    return this.text.charAt(this.position + offset);
  }

  private push(kind: TokenKind, begin: number): void {
    this.tokens.push({ kind, begin, end: this.position });
  }

  private sign(): string | undefined {
    return kSigns.find(sign => this.text.startsWith(sign, this.position));
  }

  private step(): void {
    const begin = this.position;
    const character = this.at(0);
    if (character === '(' || character === ')') return this.bracket(character);
    if (this.place === 'value' && (character === '[' || character === '{')) return this.openRange();
    if (this.place === 'bound' && (character === ']' || character === '}')) return this.closeRange();
    const sign = this.sign();
    if (sign && (this.place === 'name' || (this.place === 'value' && /[<>]/.test(character)))) {
      this.position += sign.length;
      this.push('relation', begin);
      this.nameBefore();
      this.place = 'value';
      this.related = true;
      return;
    }
    if (character === '"' || character === "'") return this.quoted(begin);
    const end = this.endOfExpression();
    if (end > 0) {
      this.position = end;
      return this.value('expression', begin);
    }
    this.word(begin, character === '$' && this.place === 'value' ? 'reference' : 'value');
  }

  private bracket(character: string): void {
    const begin = this.position++;
    if (character === '(') {
      this.push('open', begin);
      const inValues = this.place === 'value';
      this.enclosures.push(inValues ? 'values' : 'query');
      this.related = false;
      return;
    }
    this.push('close', begin);
    this.enclosures.pop();
    this.related = false;
    this.place = this.placeOutside();
  }

  private placeOutside(): Place {
    return this.enclosures.at(-1) === 'values' ? 'value' : 'name';
  }

  private openRange(): void {
    const begin = this.position++;
    this.push('range_open', begin);
    this.enclosures.push('range');
    this.place = 'bound';
  }

  private closeRange(): void {
    const begin = this.position++;
    this.push('range_close', begin);
    this.enclosures.pop();
    this.related = false;
    this.place = this.placeOutside();
  }

  /** What stood before a relation was a field's name. */
  private nameBefore(): void {
    const before = this.tokens.at(-2);
    if (this.place === 'name' && before && (before.kind === 'value' || before.kind === 'string')) {
      before.kind = 'field';
    }
  }

  private value(kind: TokenKind, begin: number): void {
    this.push(kind, begin);
    if (this.place === 'bound') return;
    this.related = false;
    this.place = this.placeOutside();
  }

  private quoted(begin: number): void {
    this.value(this.skipQuoted() ? 'string' : 'broken', begin);
  }

  private skipQuoted(): boolean {
    const quote = this.at(0);
    this.position++;
    while (this.position < this.text.length) {
      const character = this.at(0);
      this.position += character === '\\' ? 2 : 1;
      if (character === quote) return true;
    }
    this.position = this.text.length;
    return false;
  }

  private word(begin: number, kind: TokenKind): void {
    if (kind === 'reference') this.position++;
    while (!this.endsWord()) {
      if (this.at(0) === '\\') this.position = Math.min(this.position + 2, this.text.length);
      else this.position++;
      if (this.at(0) === '"' && /[.$]/.test(this.at(-1)) && !this.skipQuoted()) {
        return this.value('broken', begin);
      }
    }
    if (this.position === begin) this.position++; // A character that can stand nowhere here.
    const word = this.text.slice(begin, this.position).toLowerCase();
    if (this.place === 'bound') return this.push(word === 'to' ? 'to' : 'value', begin);
    if (!this.related && (word === 'and' || word === 'or' || word === 'not')) return this.push(word, begin);
    this.value(kind, begin);
  }

  private endsWord(): boolean {
    const character = this.at(0);
    if (character === '' || kSpace.test(character) || /[()"]/.test(character)) return true;
    if (this.place === 'name') return this.sign() !== undefined;
    return this.place === 'bound' && /[\]}]/.test(character);
  }

  private endOfExpression(): number {
    if (this.at(0) !== '/' || this.place === 'bound') return 0;
    const rest = /^\/(?:\\[^]|[^\\/])+\/(?=[ \t-\r)]|$)/.exec(this.text.slice(this.position));
    return rest ? this.position + rest[0].length : 0;
  }
}

/** Takes `text` apart. Never fails: what has no end is `broken`, and reaches to the end. */
export function tokensOf(text: string): Token[] {
  return new Scanner(text).run();
}
