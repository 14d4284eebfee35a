import { timeText } from './zone';
import type { Span } from './range';

const kDay = 86_400_000;

export interface Tick {
  /** The stretch at whose beginning it stands. */
  at: number;
  text: string;
}

/** Labels of stretches of time that follow each other, about `most`, as short as tells them apart. */
export function ticksOf(spans: readonly Span[], zone: string, most: number): Tick[] {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last || most < 1) return [];
  const step = Math.max(1, Math.ceil(spans.length / most));
  const width = first.end - first.begin;
  const length = last.end - first.begin;
  const ticks: Tick[] = [];
  for (let at = Math.floor(step / 2); at < spans.length; at += step) {
    const text = timeText(spans[at]?.begin ?? 0, zone);
    ticks.push({ at, text: shortText(text, width, length) });
  }
  return ticks;
}

function shortText(text: string, width: number, length: number): string {
  if (width >= 28 * kDay) return text.slice(0, 7);
  if (width >= kDay) return text.slice(0, 10);
  if (length > kDay) return text.slice(5, 16);
  return width < 60_000 ? text.slice(11, 19) : text.slice(11, 16);
}
