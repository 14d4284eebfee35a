import type { Span } from '../time/range';
import { timeText } from '../time/zone';
import { countText } from '../ui/count';
import { eventsIn, type Cell, type CellState } from './coverage';

/** What stands for a state, besides its colour. */
export const kSigns: Readonly<Record<CellState, string>> = {
  tampered: '!',
  missing: '∅',
  unverified: '?',
  verified: '✓',
  quiet: '·',
  nothing: '',
};

export const kMeanings: Readonly<Record<CellState, string>> = {
  tampered: 'tampered',
  missing: 'missing',
  unverified: 'unverified',
  verified: 'verified',
  quiet: 'no events, though the account has others of that time',
  nothing: 'nothing of the account was delivered',
};

export function counted(count: number, what: string): string {
  return `${countText(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** What is known of a cell, in words. */
export function cellText(cell: Cell): string {
  const { state, missingFiles } = cell;
  if (state === 'quiet' || state === 'nothing') return kMeanings[state];
  const total = eventsIn(cell);
  const ofState = cell.events.get(state) ?? 0;
  const words: string[] = [];
  if (missingFiles > 0) words.push(`${counted(missingFiles, 'file')} missing`);
  if (ofState > 0 && ofState < total)
    words.push(`${countText(ofState)} of ${counted(total, 'event')} ${state}`);
  else if (ofState > 0) words.push(`${counted(total, 'event')} ${state}`);
  else words.push(counted(total, 'event'));
  return words.join(', ');
}

export function spanText({ begin, end }: Span, zone: string): string {
  return `${timeText(begin, zone)} – ${timeText(end, zone)}`;
}
