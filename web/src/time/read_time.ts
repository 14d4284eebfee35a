import { momentOf } from './zone';

/** Times as logs, programs and people write them. */

const kMonths = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const kMonth = kMonths.join('|');
const kClock = String.raw`(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?`;
const kOffset = String.raw`(?:\s*(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:]))?`;

/** Each shape of a time, with its parts by name. */
const kShapes = [
  // 2021-07-29T23:53:26.120+02:00, 2021/07/29 23:53, 2021-07-29
  String.raw`(?<year>\d{4})[-/](?<month>\d\d?)[-/](?<day>\d\d?)(?:(?:[T_]|\s+)${kClock}${kOffset})?`,
  // 20210729T235326Z
  String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)${kOffset}`,
  // 29/Jul/2021:23:53:26 +0000, Thu, 29 Jul 2021 23:53:26 GMT
  String.raw`(?<day>\d\d?)[/ -](?<month>${kMonth})[a-z]*[/ -](?<year>\d{4})(?:[: ]\s*${kClock}${kOffset})?`,
  // Jul 29 2021 23:53:26, July 29, 2021, Jul 29 23:53:26
  String.raw`(?<month>${kMonth})[a-z]*\.?\s+(?<day>\d\d?)(?:,?\s+(?<year>\d{4}))?(?:,?\s+${kClock}${kOffset})?`,
  // Seconds, milliseconds, micro- and nanoseconds since 1970
  String.raw`(?<epoch>\d{19}|\d{16}|\d{13}|\d{9,10})(?:\.(?<part>\d{1,9}))?`,
].map(shape => new RegExp(String.raw`(?<![\w.:-])${shape}(?!\w)`, 'i'));

/** A moment, and how long what was written stands for: a day, a minute, a second. */
export interface Moment {
  time: number;
  lasts: number;
}

interface Found extends Moment {
  begin: number;
  end: number;
}

type Parts = Readonly<Record<string, string | undefined>>;

function epochOf({ epoch = '', part = '' }: Parts): Moment {
  const unit = epoch.length <= 10 ? 1000 : 10 ** (13 - epoch.length);
  const fraction = epoch.length <= 10 ? Number(`0.${part || 0}`) * 1000 : 0;
  return { time: Math.floor(Number(epoch) * unit + fraction), lasts: unit >= 1000 && !part ? 1000 : 1 };
}

function offsetOf(written: string): number {
  const found = /([+-])(\d\d):?(\d\d)/.exec(written);
  if (!found) return 0;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000;
}

function momentFrom(parts: Parts, zone: string, now: number): Moment | undefined {
  if (parts['epoch']) return epochOf(parts);
  const { month = '', hour, second, fraction } = parts;
  const named = kMonths.indexOf(month.slice(0, 3).toLowerCase());
  const monthIndex = named >= 0 ? named : Number(month) - 1;
  const year = Number(parts['year'] ?? new Date(now).getUTCFullYear());
  const day = Number(parts['day']);
  const milliseconds = Math.floor(Number(`0.${fraction ?? 0}`) * 1000);
  const clock = [Number(hour ?? 0), Number(parts['minute'] ?? 0), Number(second ?? 0)] as const;
  const wall = Date.UTC(year, monthIndex, day, ...clock, milliseconds);
  const read = new Date(wall);
  const isThere = read.getUTCMonth() === monthIndex && read.getUTCDate() === day;
  if (!isThere || clock[0] > 23 || clock[1] > 59 || clock[2] > 60) return undefined;
  const time = parts['zone'] ? wall - offsetOf(parts['zone']) : momentOf(wall, zone);
  const lasts = fraction ? 1 : second ? 1000 : hour ? 60_000 : 86_400_000;
  // A log that tells no year tells of the past.
  const isAhead = parts['year'] === undefined && time > now + 86_400_000;
  return isAhead ? momentFrom({ ...parts, year: String(year - 1) }, zone, now) : { time, lasts };
}

function firstIn(text: string, zone: string, now: number): Found | undefined {
  const found = kShapes.flatMap(shape => {
    const match = shape.exec(text);
    const moment = match?.groups && momentFrom(match.groups, zone, now);
    return match && moment ? [{ ...moment, begin: match.index, end: match.index + match[0].length }] : [];
  });
  // Where two shapes begin alike, the longer one says more.
  return found.sort((a, b) => a.begin - b.begin || b.end - a.end)[0];
}

/** Longer texts are not looked through. */
const kLongest = 20_000;

/**
 * The times in a text, two at most, in the order of time. What tells no zone is of `zone`, what tells no year is of
 * the year before `now`.
 */
export function timesIn(text: string, zone: string, now: number): Moment[] {
  let rest = text.slice(0, kLongest);
  const found: Moment[] = [];
  while (found.length < 2) {
    const one = firstIn(rest, zone, now);
    if (!one) break;
    found.push({ time: one.time, lasts: one.lasts });
    rest = rest.slice(one.end);
  }
  return found.sort((a, b) => a.time - b.time);
}
