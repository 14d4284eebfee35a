import { kIntegrities, type Integrity, type StatsGroup } from '../api/types';
import type { Span } from '../time/range';
import type { LogName } from './log_name';

/** Whose events: what an event does not say is absent. */
export interface Place {
  account?: string | undefined;
  region?: string | undefined;
}

/** The worst that is known of the files of a place and time. Without files: `quiet` where the account has others
 * of that time, `nothing` where it has none. */
export type CellState = Integrity | 'quiet' | 'nothing';

export interface Cell extends Span {
  state: CellState;
  /** Events, by what is known of their files. */
  events: ReadonlyMap<Integrity, number>;
  /** Files that are not there, by the time in their names. */
  missingFiles: number;
}

export interface CoverageRow extends Place {
  cells: Cell[];
}

export interface Coverage {
  /** The times of the columns. */
  columns: Span[];
  rows: CoverageRow[];
  /** How many rows there are, drawn or not. */
  rowCount: number;
}

interface Tally {
  events: Map<Integrity, number>;
  missingFiles: number;
}

interface TalliedRow extends Place {
  /** By the place of their column. */
  tallies: Map<number, Tally>;
}

/** Stretches of `width` that cover the span, as the server counts. */
export function columnsOf({ begin, end }: Span, width: number): Span[] {
  const columns: Span[] = [];
  for (let at = Math.floor(begin / width) * width; at < end; at += width)
    columns.push({ begin: at, end: at + width });
  return columns;
}

/** What of a stretch lies in the span. */
function cut(stretch: Span, span: Span): Span {
  return { begin: Math.max(stretch.begin, span.begin), end: Math.min(stretch.end, span.end) };
}

function isIntegrity(text: string | undefined): text is Integrity {
  return kIntegrities.some(one => one === text);
}

/** Counts what is in each place and time. */
class Tallies {
  private readonly rows = new Map<string, TalliedRow>();

  constructor(
    private readonly first: number,
    private readonly width: number,
  ) {}

  addEvents({ by, time, count }: StatsGroup): void {
    const place = { account: by['recipient_account_id'], region: by['aws_region'] };
    const { events } = this.at(place, Date.parse(time ?? ''));
    const integrity = isIntegrity(by['integrity']) ? by['integrity'] : 'unverified';
    events.set(integrity, (events.get(integrity) ?? 0) + count);
  }

  addMissing(file: LogName): void {
    this.at(file, file.time).missingFiles++;
  }

  all(): TalliedRow[] {
    return [...this.rows.values()];
  }

  private at({ account, region }: Place, time: number): Tally {
    const key = JSON.stringify([account, region]);
    const row = this.rows.get(key) ?? { account, region, tallies: new Map<number, Tally>() };
    this.rows.set(key, row);
    const column = Math.floor(time / this.width) - this.first;
    const tally = row.tallies.get(column) ?? { events: new Map<Integrity, number>(), missingFiles: 0 };
    row.tallies.set(column, tally);
    return tally;
  }
}

function worstOf({ events, missingFiles }: Tally): Integrity {
  const has = (one: Integrity): boolean => events.has(one) || (one === 'missing' && missingFiles > 0);
  return kIntegrities.find(has) ?? 'verified';
}

/** How bad a row is, smaller is worse. */
function rankOf({ tallies }: TalliedRow): number {
  return Math.min(...[...tallies.values()].map(tally => kIntegrities.indexOf(worstOf(tally))));
}

export function eventsIn({ events }: Pick<Cell, 'events'>): number {
  return [...events.values()].reduce((sum, count) => sum + count, 0);
}

function eventsOf({ tallies }: TalliedRow): number {
  return [...tallies.values()].reduce((sum, tally) => sum + eventsIn(tally), 0);
}

/** The `most` rows of which there is most to say: the worst, and of those the ones with most events. */
function mostTelling(rows: readonly TalliedRow[], most: number): TalliedRow[] {
  const ranked = rows.map(row => ({ row, rank: rankOf(row), events: eventsOf(row) }));
  ranked.sort((one, other) => one.rank - other.rank || other.events - one.events);
  return ranked.slice(0, most).map(({ row }) => row);
}

function compare(one = '', other = ''): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** In which columns an account has anything at all, whatever the region. */
function columnsByAccount(rows: readonly TalliedRow[]): Map<string | undefined, Set<number>> {
  const found = new Map<string | undefined, Set<number>>();
  for (const { account, tallies } of rows)
    found.set(account, new Set([...(found.get(account) ?? []), ...tallies.keys()]));
  return found;
}

function cellOf(span: Span, tally: Tally | undefined, accountHasOthers: boolean): Cell {
  if (tally) return { ...span, ...tally, state: worstOf(tally) };
  return { ...span, events: new Map(), missingFiles: 0, state: accountHasOthers ? 'quiet' : 'nothing' };
}

/** The map of a span from what was counted in stretches of `width`, and the files that are missing. */
export function coverageOf(
  groups: readonly StatsGroup[],
  missing: readonly LogName[],
  { span, width, most }: { span: Span; width: number; most: number },
): Coverage {
  const columns = columnsOf(span, width);
  const tallies = new Tallies(Math.floor(span.begin / width), width);
  for (const group of groups) tallies.addEvents(group);
  for (const file of missing) if (file.time >= span.begin && file.time < span.end) tallies.addMissing(file);
  const all = tallies.all();
  const byAccount = columnsByAccount(all);
  const rows = mostTelling(all, most)
    .sort((one, other) => compare(one.account, other.account) || compare(one.region, other.region))
    .map(({ account, region, tallies: held }) => ({
      account,
      region,
      cells: columns.map((column, at) =>
        cellOf(cut(column, span), held.get(at), byAccount.get(account)?.has(at) ?? false),
      ),
    }));
  return { columns, rows, rowCount: all.length };
}
