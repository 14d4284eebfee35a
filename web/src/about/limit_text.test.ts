import { expect, it } from 'vitest';
import { limitText } from './limit_text';

it.each([
  [30_000, 'ms', '30 s'],
  [500, 'ms', '500 ms'],
  [262_144, 'bytes', '256 KiB'],
  [1_048_576, 'bytes', '1 MiB'],
  [268_435_456, 'bytes', '256 MiB'],
  [1000, 'bytes', '1,000 bytes'],
  [1500 * 1024, 'bytes', '1,500 KiB'],
  [10_000, undefined, '10,000'],
  [3, 'cores', '3 cores'],
])('%d %s is %s', (value, unit, text) =>
  expect(limitText({ value, ...(unit !== undefined && { unit }) })).toBe(text),
);
