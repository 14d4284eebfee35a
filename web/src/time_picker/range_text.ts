import { lengthText, type Bounds, type Span } from '../time/range';
import { timeText } from '../time/zone';

export const kRanges = [
  ['now-15m', 'Last 15 minutes'],
  ['now-1h', 'Last hour'],
  ['now-24h', 'Last 24 hours'],
  ['now-7d', 'Last 7 days'],
  ['now-30d', 'Last 30 days'],
  ['now-365d', 'Last year'],
  ['', 'All time'],
] as const;

/** A bound as people read it: a moment in the chosen zone, `now-7d` as it is. */
function boundText(bound: string, zone: string): string {
  return /^\d{4}-\d\d-\d\d/.test(bound) ? timeText(bound, zone) : bound;
}

export function rangeText({ from, to }: Bounds, zone: string): string {
  const named = kRanges.find(([start]) => start === from && to === '');
  if (named) return named[1];
  return `${boundText(from, zone) || 'oldest'} – ${boundText(to, zone) || 'newest'}`;
}

/** The span in words: both moments, the zone, and how long it is. */
export function spanText({ begin, end }: Span, zone: string): string {
  return `${timeText(begin, zone)} – ${timeText(end, zone)} ${zone} (${lengthText(end - begin)})`;
}
