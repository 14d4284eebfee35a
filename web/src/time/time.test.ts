import { describe, expect, it } from 'vitest';
import { boundIn, boundOf, lengthText, momentOfBound, shifted, spanIn, spanOf, widened } from './range';
import { timesIn } from './read_time';
import { momentOf, offsetAt, timeText } from './zone';

const kNow = Date.parse('2022-03-10T12:00:00Z');
const kHour = 3_600_000;

describe('zones', () => {
  it.each([
    ['UTC', '2021-07-29T00:00:00Z', 0],
    ['Europe/Berlin', '2021-07-29T00:00:00Z', 2],
    ['Europe/Berlin', '2021-12-29T00:00:00Z', 1],
    ['Asia/Kolkata', '2021-12-29T00:00:00.123Z', 5.5],
    ['America/New_York', '2021-03-14T07:00:00Z', -4],
  ])('%s at %s', (zone, time, hours) => expect(offsetAt(Date.parse(time), zone)).toBe(hours * kHour));

  it.each([
    ['Europe/Berlin', '2021-07-29T10:00:00', '2021-07-29T08:00:00Z'],
    ['Europe/Berlin', '2021-03-28T01:59:59', '2021-03-28T00:59:59Z'],
    ['Europe/Berlin', '2021-03-28T03:00:00', '2021-03-28T01:00:00Z'],
    ['Europe/Berlin', '2021-10-31T02:30:00', '2021-10-31T00:30:00Z'],
    ['Europe/Berlin', '2021-10-31T03:00:00', '2021-10-31T02:00:00Z'],
    ['America/New_York', '2021-11-07T00:30:00', '2021-11-07T04:30:00Z'],
    ['Asia/Kolkata', '2021-07-29T00:00:00', '2021-07-28T18:30:00Z'],
  ])('%s shows %s', (zone, wall, time) => expect(boundOf(momentOf(Date.parse(`${wall}Z`), zone))).toBe(time));
});

describe('a time in a zone', () => {
  it.each([
    ['2021-07-29T23:53:26Z', 'UTC', '2021-07-29 23:53:26'],
    ['2021-07-29T23:53:26.120Z', 'Europe/Berlin', '2021-07-30 01:53:26.120'],
    ['2021-07-29T18:29:59.999Z', 'Asia/Kolkata', '2021-07-29 23:59:59.999'],
    ['never', 'UTC', 'never'],
    ['+275760-09-13T00:00:00Z', 'Asia/Kolkata', '+275760-09-13T00:00:00Z'],
  ])('%s in %s', (time, zone, text) => expect(timeText(time, zone)).toBe(text));
});

describe('times of any shape', () => {
  it.each([
    ['2021-07-29T23:53:26Z', '2021-07-29T23:53:26Z'],
    ['2021-07-29T23:53:26.1209Z', '2021-07-29T23:53:26.120Z'],
    ['2021-07-29 23:53:26,120 INFO x', '2021-07-29T23:53:26.120Z'],
    ['2021-07-29T23:53:26+02:00', '2021-07-29T21:53:26Z'],
    ['2021-07-29T23:53:26-0330', '2021-07-30T03:23:26Z'],
    ['2021/7/9 03:04', '2021-07-09T03:04:00Z'],
    ['20210729T235326Z', '2021-07-29T23:53:26Z'],
    ['"eventTime":"2021-07-29T23:53:26Z",', '2021-07-29T23:53:26Z'],
    ['198.51.100.7 - - [29/Jul/2021:23:53:26 +0200] "GET', '2021-07-29T21:53:26Z'],
    ['Thu, 29 Jul 2021 23:53:26 GMT', '2021-07-29T23:53:26Z'],
    ['July 29, 2021 23:53', '2021-07-29T23:53:00Z'],
    ['Jul 29 23:53:26 host sshd[1]:', '2021-07-29T23:53:26Z'],
    ['Mar  9 23:53:26', '2022-03-09T23:53:26Z'],
    ['1627602806', '2021-07-29T23:53:26Z'],
    ['1627602806.5', '2021-07-29T23:53:26.500Z'],
    ['1627602806120', '2021-07-29T23:53:26.120Z'],
    ['1627602806120000', '2021-07-29T23:53:26.120Z'],
    ['1627602806120000000', '2021-07-29T23:53:26.120Z'],
  ])('%s', (text, expected) =>
    expect(timesIn(text, 'UTC', kNow).map(one => boundOf(one.time))).toEqual([expected]),
  );

  it.each([
    '',
    'yesterday',
    '2021-13-01',
    '2021-02-30',
    '2021-07-29T25:00:00',
    '123456',
    '111122223333',
    'v1.2021-07-29x',
  ])('none in %s', text =>
    expect(timesIn(text, 'UTC', kNow).filter(one => one.lasts < 86_400_000)).toEqual([]),
  );

  it('is of the zone that was chosen', () => {
    expect(boundIn('2021-07-29 10:00', 'Europe/Berlin', kNow)).toBe('2021-07-29T08:00:00Z');
    expect(boundIn('2021-07-29T10:00:00Z', 'Europe/Berlin', kNow)).toBe('2021-07-29T10:00:00Z');
  });

  it('ends for long texts', () => {
    expect(timesIn('2021-07-'.repeat(100_000), 'UTC', kNow)).toEqual([]);
    expect(timesIn(' '.repeat(1_000_000), 'UTC', kNow)).toEqual([]);
  });
});

describe('ranges', () => {
  const text = (span: ReturnType<typeof spanIn>): string | undefined =>
    span && `${boundOf(span.begin)} ${boundOf(span.end)}`;

  it.each([
    ['2021-07-29T10:00:00Z – 2021-07-29T11:00:00Z', '2021-07-29T10:00:00Z 2021-07-29T11:00:01Z'],
    ['2021-07-30 to 2021-07-29', '2021-07-29T00:00:00Z 2021-07-31T00:00:00Z'],
    ['2021-07-29', '2021-07-29T00:00:00Z 2021-07-30T00:00:00Z'],
    ['at 1627602806 it broke', '2021-07-29T23:48:26Z 2021-07-29T23:58:26Z'],
    ['nothing', undefined],
  ])('in %s', (written, expected) => expect(text(spanIn(written, 'UTC', kNow))).toBe(expected));

  const outer = { begin: Date.parse('2020-01-01'), end: Date.parse('2022-01-01') };
  it.each([
    ['now-24h', '', undefined, '2022-03-09T12:00:00Z 2022-03-10T12:00:00Z'],
    ['now-1w', 'now-1d', undefined, '2022-03-03T12:00:00Z 2022-03-09T12:00:00Z'],
    ['2021-07-29', '2021-07-30T00:00:00+02:00', undefined, '2021-07-29T00:00:00Z 2021-07-29T22:00:00Z'],
    ['', '', outer, '2020-01-01T00:00:00Z 2022-01-01T00:00:00Z'],
    ['', '2021-01-01', outer, '2020-01-01T00:00:00Z 2021-01-01T00:00:00Z'],
    ['2021-01-01', '', outer, '2021-01-01T00:00:00Z 2022-03-10T12:00:00Z'],
    ['', '', undefined, undefined],
    ['nonsense', '', outer, undefined],
    ['2021-02-01', '2021-01-01', outer, undefined],
  ])('from %s to %s', (from, to, outside, expected) =>
    expect(text(spanOf({ from, to }, kNow, outside))).toBe(expected),
  );

  it('shifts and widens', () => {
    const span = { begin: 1_000_000_000_000, end: 1_000_000_100_000 };
    expect(shifted(span, -1)).toEqual({ begin: 999_999_900_000, end: 1_000_000_000_000 });
    expect(widened(span)).toEqual({ begin: 999_999_950_000, end: 1_000_000_150_000 });
    let wide = span;
    for (let round = 0; round < 100; round++) wide = widened(wide);
    expect(boundOf(wide.end)).toBe('2200-01-01T00:00:00Z');
  });

  it.each([
    ['now', kNow],
    ['now+5m', kNow + 300_000],
    ['now-', undefined],
    ['2021-02-30T00:00:00', undefined],
  ])('bound %s', (bound, expected) => expect(momentOfBound(bound, kNow)).toBe(expected));

  it.each([
    [7_200_000, '2 hours'],
    [90_061_000, '1 day 1 hour'],
    [604_800_000, '1 week'],
    [86_400_000 + 60_000, '1 day'],
    [1, '1 ms'],
  ])('%d', (length, expected) => expect(lengthText(length)).toBe(expected));
});
