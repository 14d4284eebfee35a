import type { Limit } from '../api/types';
import { durationText } from '../ui/amount';
import { countText } from '../ui/count';

const kUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in the largest unit of which they are a whole number, for limits are exact. */
function exactBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && value % 1024 === 0 && unit < kUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${countText(value)} ${kUnits[unit]}`;
}

/** How much a limit allows. */
export function limitText({ value, unit }: Pick<Limit, 'value' | 'unit'>): string {
  if (unit === 'bytes') return exactBytes(value);
  if (unit === 'ms') return durationText(value);
  return unit ? `${countText(value)} ${unit}` : countText(value);
}
