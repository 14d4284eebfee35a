/** JSON as it stands in its bytes: members in their order, also those of one name, and numbers as written. */
export type Node = ObjectNode | ArrayNode | ScalarNode;

export interface ObjectNode {
  kind: 'object';
  members: { key: string; node: Node }[];
}
export interface ArrayNode {
  kind: 'array';
  items: Node[];
}
export interface ScalarNode {
  kind: 'string' | 'number' | 'boolean' | 'null';
  /** As it stands there, a string with its quotes. */
  source: string;
  /** What a query asks for. */
  text: string;
}

const kToken = /[\s]*(?:("(?:[^"\\]|\\[^])*")|(-?\d[\d.eE+-]*)|(true|false)|(null)|([{}[\],:]))/y;
const kMaxDepth = 500;

class Reader {
  private at = 0;
  private match: RegExpExecArray | null = null;

  constructor(private readonly json: string) {
    this.next();
  }

  /** The sign that stands here; empty where a value does. */
  get sign(): string {
    return this.match?.[5] ?? '';
  }

  next(): void {
    kToken.lastIndex = this.at;
    this.match = kToken.exec(this.json);
    if (this.match) this.at = kToken.lastIndex;
  }

  take(sign: string): void {
    if (this.sign !== sign) throw new SyntaxError(`expected '${sign}'`);
    this.next();
  }

  scalar(): ScalarNode {
    const [, string, number, boolean, nothing] = this.match ?? [];
    const source = string ?? number ?? boolean ?? nothing;
    if (source === undefined) throw new SyntaxError('expected a value');
    this.next();
    if (string !== undefined) return { kind: 'string', source, text: JSON.parse(string) as string };
    const kind = number !== undefined ? 'number' : boolean !== undefined ? 'boolean' : 'null';
    return { kind, source, text: source };
  }

  /** What stands between `open` and `close`, parted by commas. */
  list<Entry>(open: string, close: string, entry: () => Entry): Entry[] {
    const entries: Entry[] = [];
    this.take(open);
    while (this.sign !== close) {
      if (entries.length > 0) this.take(',');
      entries.push(entry());
    }
    this.take(close);
    return entries;
  }

  get isAtEnd(): boolean {
    return this.match === null && this.json.slice(this.at).trim() === '';
  }
}

function readNode(reader: Reader, depth: number): Node {
  if (depth > kMaxDepth) throw new SyntaxError('nested too deeply');
  if (reader.sign === '{') {
    const members = reader.list('{', '}', () => {
      const key = reader.scalar();
      if (key.kind !== 'string') throw new SyntaxError('expected a key');
      reader.take(':');
      return { key: key.text, node: readNode(reader, depth + 1) };
    });
    return { kind: 'object', members };
  }
  if (reader.sign === '[') {
    return { kind: 'array', items: reader.list('[', ']', () => readNode(reader, depth + 1)) };
  }
  return reader.scalar();
}

/** The tree of a record; undefined where it is no JSON, or nested more than 500 deep. */
export function treeOf(json: string): Node | undefined {
  try {
    const reader = new Reader(json);
    const node = readNode(reader, 0);
    return reader.isAtEnd ? node : undefined;
  } catch {
    return undefined;
  }
}

/** The value at a path of keys, arrays not passed through. */
export function nodeAt(node: Node | undefined, ...keys: string[]): Node | undefined {
  let found = node;
  for (const key of keys) {
    found = found?.kind === 'object' ? found.members.find(member => member.key === key)?.node : undefined;
  }
  return found;
}

/** The text of the value at a path; empty where there is none, or it has parts. */
export function textAt(node: Node | undefined, ...keys: string[]): string {
  const found = nodeAt(node, ...keys);
  return !found || found.kind === 'object' || found.kind === 'array' || found.kind === 'null'
    ? ''
    : found.text;
}

/** How many values without parts there are. */
export function leafCount(node: Node): number {
  if (node.kind === 'object') return node.members.reduce((sum, one) => sum + leafCount(one.node), 0);
  if (node.kind === 'array') return node.items.reduce((sum, one) => sum + leafCount(one), 0);
  return 1;
}
