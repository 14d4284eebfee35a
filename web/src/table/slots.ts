/**
 * Gives each place of a list that is drawn a slot, and the slots of those that are drawn no more to new ones: what
 * was drawn in a slot is altered instead of made anew.
 */
export class Slots {
  private taken = new Map<number, number>();
  private count = 0;

  /** The slots of `places`, in their order. Those that were drawn before keep theirs. */
  assign(places: readonly number[]): number[] {
    const wanted = new Set(places);
    const free = [...this.taken].filter(([place]) => !wanted.has(place)).map(([, slot]) => slot);
    const next = new Map<number, number>();
    for (const place of places) next.set(place, this.taken.get(place) ?? free.pop() ?? this.count++);
    this.taken = next;
    return places.map(place => next.get(place) as number);
  }
}

/**
 * The order in which a list stands in the document. While it moves, what was there stays where it is, for each
 * element that is moved has its style worked out again; when it rests, it is that of the list.
 */
export class DocumentOrder<Key> {
  private ranks: ReadonlyMap<Key, number> = new Map();

  /** `items`, which are in the order of the list, in that of the document. */
  arranged<Item extends { key: Key }>(items: readonly Item[], isMoving: boolean): readonly Item[] {
    const rank = ({ key }: Item): number => this.ranks.get(key) ?? this.ranks.size;
    const next = isMoving ? [...items].sort((one, other) => rank(one) - rank(other)) : items;
    this.ranks = new Map(next.map(({ key }, at) => [key, at]));
    return next;
  }
}
