/** Times of events as people read them, in the zone that they chose. */

export const kUtc = 'UTC';

const kFormats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = kFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    kFormats.set(zone, format);
  }
  return format;
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** By how many milliseconds the clocks of `zone` are ahead of UTC at a moment. */
export function offsetAt(time: number, zone: string): number {
  if (zone === kUtc) return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(time)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  return wall - Math.floor(time / 1000) * 1000;
}

/** The moment when the clocks of `zone` show what those of UTC show at `wall`; of two, the earlier. */
export function momentOf(wall: number, zone: string): number {
  const before = offsetAt(wall - 86_400_000, zone);
  const first = wall - before;
  if (offsetAt(first, zone) === before) return first;
  return wall - offsetAt(wall - offsetAt(wall + 86_400_000, zone), zone);
}

/** `2021-07-29 23:53:26` in `zone`, with milliseconds where there are any; the text itself when it is no time. */
export function timeText(time: string | number, zone: string): string {
  const moment = new Date(time).getTime();
  if (Number.isNaN(moment)) return String(time);
  const wall = new Date(moment + offsetAt(moment, zone));
  if (Number.isNaN(wall.getTime())) return String(time);
  return wall
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '');
}
