import type { Syntax } from '../state/ask';
import { isTextList, setting } from '../state/settings';

/** The queries that this browser ran, newest first, by their language. */
const kKept = 100;
const kLongest = 5000;

const kept = {
  kql: setting<string[]>('queries', [], isTextList),
  structured: setting<string[]>('queries.structured', [], isTextList),
};

export function remember(query: string, syntax: Syntax): void {
  const text = query.trim();
  if (text === '' || text.length > kLongest) return;
  const list = kept[syntax];
  list.value = [text, ...list.value.filter(other => other !== text)].slice(0, kKept);
}

/** Goes back and forth among earlier queries; the text that was being written is at the front. */
export class Recall {
  private at = -1;
  private written = '';

  constructor(private readonly syntax: () => Syntax) {}

  /** The query before (1) or behind (-1) the one that is shown; undefined where there is none. */
  step(by: 1 | -1, shown: string): string | undefined {
    const list = kept[this.syntax()].peek();
    if (this.at === -1) this.written = shown;
    let next = this.at + by;
    while (by === 1 && list[next] === shown) next++;
    if (next < -1 || next >= list.length) return undefined;
    this.at = next;
    return next === -1 ? this.written : list[next];
  }

  /** What is shown is written by hand again. */
  reset(): void {
    this.at = -1;
  }
}
