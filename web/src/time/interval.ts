import type { Span } from './range';

const kSecond = 1000;
const kMinute = 60 * kSecond;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;

/** Widths that people count by. */
const kWidths = [
  ...[1, 2, 5, 10, 15, 30].map(count => count * kSecond),
  ...[1, 2, 5, 10, 15, 30].map(count => count * kMinute),
  ...[1, 2, 3, 6, 12].map(count => count * kHour),
  ...[1, 2, 7, 14, 30, 90, 365].map(count => count * kDay),
];

/** The narrowest width, in milliseconds, of which at most `most` cover the span. */
export function widthFor({ begin, end }: Span, most: number): number {
  const wanted = (end - begin) / (most - 1);
  return kWidths.find(width => width >= wanted) ?? Math.ceil(wanted / kDay) * kDay;
}

/** A width as the server takes it. */
export function intervalText(width: number): string {
  return `${Math.round(width / kSecond)}s`;
}
