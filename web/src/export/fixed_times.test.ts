import { expect, it } from 'vitest';
import { fixedTime } from './fixed_times';

it.each([
  ['now', '2021-07-29T12:00:00.000Z'],
  ['now-24h', '2021-07-28T12:00:00.000Z'],
  ['now-1w', '2021-07-22T12:00:00.000Z'],
  ['now+30s', '2021-07-29T12:00:30.000Z'],
  ['2021-07-29', '2021-07-29'],
  ['now-1y', 'now-1y'],
  ['', ''],
])('%j is %j', (bound, fixed) => expect(fixedTime(bound, Date.UTC(2021, 6, 29, 12))).toBe(fixed));
