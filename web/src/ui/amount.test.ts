import { expect, it } from 'vitest';
import { bytesText, durationText } from './amount';

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [4000, '4 s'],
  [65_000, '1 min 5 s'],
  [-4000, '−4 s'],
  [86_400_000 + 5000, '1 d'],
  [1000, '1 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [3_605_000, '1 h'],
  [90_061_000, '1 d 1 h'],
])('%d ms is %s', (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [123_456, '123 kB'],
  [5_800_205, '5.8 MB'],
  [2e15, '2000 TB'],
])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
