import type { Hit } from '../api/types';

/** What stands at one place of the list: a hit, all of the event that is open, or what follows the last hit. */
export type Item = { kind: 'hit'; at: number } | { kind: 'detail'; at: number } | { kind: 'tail' };

/** The list as it is scrolled: hits, with the open event below its row, and perhaps a tail. */
export class Items {
  constructor(
    /** The first of each row. */
    readonly hits: readonly Hit[],
    /** The place among them of the event that is open below its row; -1: none. */
    readonly open: number,
    readonly hasTail: boolean,
  ) {}

  get count(): number {
    return this.hits.length + (this.open >= 0 ? 1 : 0) + (this.hasTail ? 1 : 0);
  }

  isDetail(index: number): boolean {
    return this.open >= 0 && index === this.open + 1;
  }

  isHit(index: number): boolean {
    return !this.isDetail(index) && index < this.hits.length + (this.open >= 0 ? 1 : 0);
  }

  item(index: number): Item {
    if (this.isDetail(index)) return { kind: 'detail', at: this.open };
    if (!this.isHit(index)) return { kind: 'tail' };
    return { kind: 'hit', at: this.open >= 0 && index > this.open ? index - 1 : index };
  }

  /** Where a hit stands in the list. */
  indexOf(at: number): number {
    return this.open >= 0 && at > this.open ? at + 1 : at;
  }

  /** Names an item among all, and a hit for as long as there is this list. */
  key(index: number): string {
    const item = this.item(index);
    if (item.kind === 'tail') return 'tail';
    const id = (this.hits[item.at] as Hit).id;
    return item.kind === 'hit' ? id : `${id}\ndetail`;
  }
}

/**
 * The first of `hits`, which are sorted by time, that is at `time` or behind it in their order; undefined when
 * all are before it.
 */
export function placeOfTime(hits: readonly Hit[], time: number, descending: boolean): number | undefined {
  let low = 0;
  let high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = Date.parse((hits[middle] as Hit).time);
    if (descending ? there > time : there < time) low = middle + 1;
    else high = middle;
  }
  return low < hits.length ? low : undefined;
}
