import type { Hit } from '../api/types';
import { valueOf } from './outcome';

/** Accounts that one row tells of. An action has fewer; a log that was forged may have any number. */
const kMostTogether = 20;

/** What copies of one action agree in. A row that looks well must hide no denial, so the outcome is part of it. */
const kAgreed = ['shared_event_id', 'event_source', 'event_name', 'event_outcome'] as const;

/** The hits of one row, and its place among the rows. */
interface Action {
  readonly place: number;
  hits: readonly Hit[];
}

/** Hits as the rows of the table. */
export class Rows {
  constructor(
    /** The first hit of each row. */
    readonly hits: readonly Hit[],
    /** By the ids of all hits that share a row. */
    private readonly together: ReadonlyMap<string, Action> = new Map(),
  ) {}

  /** All hits of the row that an event is in, when there are several. */
  copiesOf(id: string): readonly Hit[] | undefined {
    return this.together.get(id)?.hits;
  }

  /** The place of the row that an event is in; -1: it is in none. */
  placeOf(id: string): number {
    return this.together.get(id)?.place ?? this.hits.findIndex(hit => hit.id === id);
  }
}

/** Makes rows of a list that grows at its end: what an action left in several accounts is in the row of its first hit. */
export class Joiner {
  private taken: readonly Hit[] = [];
  private hits: Hit[] = [];
  private actions = new Map<string, Action>();
  private together = new Map<string, Action>();

  /** The rows of `all`, good until the next are asked for. Hits that were there before are not looked at again. */
  rowsOf(all: readonly Hit[]): Rows {
    if (!this.isBeginningOf(all)) this.beginAnew();
    for (let at = this.taken.length; at < all.length; at++) this.add(all[at] as Hit);
    this.taken = all;
    return new Rows(this.hits, this.together);
  }

  /** Each answer has hits of its own, so the ends tell whether it is the same list. */
  private isBeginningOf(all: readonly Hit[]): boolean {
    const last = this.taken.length - 1;
    return all[0] === this.taken[0] && all[last] === this.taken[last];
  }

  private beginAnew(): void {
    this.taken = [];
    this.hits = [];
    this.actions = new Map();
    this.together = new Map();
  }

  private add(hit: Hit): void {
    const key = isCopy(hit) ? JSON.stringify(kAgreed.map(name => valueOf(hit, name))) : '';
    const action = this.actions.get(key);
    if (action && mayJoin(hit, action.hits)) {
      action.hits = [...action.hits, hit];
      action.hits.forEach(({ id }) => this.together.set(id, action));
      return;
    }
    if (key !== '' && !action) this.actions.set(key, { place: this.hits.length, hits: [hit] });
    this.hits.push(hit);
  }
}

function isCopy(hit: Hit): boolean {
  return valueOf(hit, 'shared_event_id') !== '' && accountOf(hit) !== '';
}

function mayJoin(hit: Hit, others: readonly Hit[]): boolean {
  const isAnother = (other: Hit): boolean => other.id !== hit.id && accountOf(other) !== accountOf(hit);
  return others.length < kMostTogether && others.every(isAnother);
}

function accountOf(hit: Hit): string {
  return valueOf(hit, 'recipient_account_id');
}

/** The account that an event was delivered to, with its name where it is known. */
export function accountText(hit: Hit): string {
  const name = valueOf(hit, 'account_name');
  return name === '' ? accountOf(hit) : `${name} (${accountOf(hit)})`;
}
