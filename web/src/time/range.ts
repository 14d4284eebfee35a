import { timesIn } from './read_time';

/** Ranges of time: bounds as the server takes them, moments as milliseconds since 1970. */

/** `from` and `to` of a question; an empty one is no bound. */
export interface Bounds {
  from: string;
  to: string;
}

/** From `begin` up to `end`, in milliseconds since 1970. */
export interface Span {
  begin: number;
  end: number;
}

const kUnits: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** The moment that a bound stands for, as the server would have it; undefined where it is none. */
export function momentOfBound(bound: string, now: number): number | undefined {
  if (bound === 'now') return now;
  const relative = /^now([+-])(\d{1,9})([smhdw])$/.exec(bound);
  if (relative) {
    const [, sign, amount, unit = ''] = relative;
    return now + (sign === '-' ? -1 : 1) * Number(amount) * (kUnits[unit] ?? 0);
  }
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?$/.test(bound)) return undefined;
  const time = Date.parse(bound);
  return Number.isNaN(time) ? undefined : time;
}

/** A moment as a bound: `2021-07-29T23:53:26Z`, with milliseconds where there are any. */
export function boundOf(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

export function boundsOf({ begin, end }: Span): Bounds {
  return { from: boundOf(begin), to: boundOf(end) };
}

/** What the bounds span; without one, up to `outer`, what there is. Undefined where that is nothing. */
export function spanOf({ from, to }: Bounds, now: number, outer?: Span): Span | undefined {
  const begin = from === '' ? outer?.begin : momentOfBound(from, now);
  const end =
    to === ''
      ? Math.max(from === '' ? 0 : now, outer?.end ?? (from === '' ? 0 : now))
      : momentOfBound(to, now);
  return begin !== undefined && end !== undefined && begin < end ? { begin, end } : undefined;
}

/** The span as far again before (-1) or behind (1). */
export function shifted({ begin, end }: Span, by: 1 | -1): Span {
  const length = end - begin;
  return { begin: begin + by * length, end: end + by * length };
}

/** The first moment and the last that are asked for: CloudTrail is younger than the one. */
const kFirst = Date.UTC(2000, 0);
const kLast = Date.UTC(2200, 0);

/** Twice as long, around the same middle. */
export function widened({ begin, end }: Span): Span {
  const more = Math.max((end - begin) / 2, 500);
  return { begin: Math.max(Math.floor(begin - more), kFirst), end: Math.min(Math.ceil(end + more), kLast) };
}

export function around(time: number, minutes: number): Span {
  return { begin: time - minutes * 60_000, end: time + minutes * 60_000 };
}

/** Two times in any text bound a range; one, with its day or moment, stands for that or for `minutes` around it. */
export function spanIn(text: string, zone: string, now: number, minutes = 5): Span | undefined {
  const [first, second] = timesIn(text, zone, now);
  if (!first) return undefined;
  if (second) return { begin: first.time, end: second.time + second.lasts };
  if (first.lasts >= 86_400_000) return { begin: first.time, end: first.time + first.lasts };
  return around(first.time, minutes);
}

/** A bound as someone writes it: `now-7d` as it is, and any time; undefined where it is none. */
export function boundIn(text: string, zone: string, now: number): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /^now([+-]\d+[smhdw])?$/.test(trimmed)) return trimmed;
  const [found] = timesIn(trimmed, zone, now);
  return found && boundOf(found.time);
}

const kSteps: readonly (readonly [number, string])[] = [
  [604_800_000, 'week'],
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** `2 days 3 hours`: the two largest units that a length has. */
export function lengthText(milliseconds: number): string {
  let rest = Math.round(milliseconds / 1000) * 1000;
  const words: string[] = [];
  for (const [unit, name] of kSteps) {
    const count = Math.floor(rest / unit);
    if (count === 0) {
      if (words.length > 0) break;
      continue;
    }
    rest -= count * unit;
    words.push(`${count} ${name}${count === 1 ? '' : 's'}`);
    if (words.length === 2) break;
  }
  return words.join(' ') || `${Math.max(0, milliseconds)} ms`;
}
