import { describe, expect, it } from 'vitest';
import type { StatsGroup } from '../api/types';
import { coverageOf, type Cell, type Coverage } from './coverage';
import type { LogName } from './log_name';

const kHour = 3_600_000;
const kBegin = Date.parse('2021-07-29T00:00:00Z');
const at = (hour: number): string => new Date(kBegin + hour * kHour).toISOString();

/** `count` events of an hour, of files of which this is known. */
function group(where: string, hour: number, integrity: string, count = 1): StatsGroup {
  const [account, region] = where.split(' ');
  const place = { ...(account && { recipient_account_id: account }), ...(region && { aws_region: region }) };
  return { by: { ...place, integrity }, time: at(hour), count };
}

function mapOf(groups: StatsGroup[], missing: LogName[] = [], most = 10, hours = 3): Coverage {
  const span = { begin: kBegin, end: kBegin + hours * kHour };
  return coverageOf(groups, missing, { span, width: kHour, most });
}

const statesOf = (map: Coverage): string[] =>
  map.rows.map(({ account, region, cells }) => [account, region, ...cells.map(cell => cell.state)].join(' '));

const kHome = '111122223333';

describe('the state of a cell', () => {
  it.each([
    [['verified'], 'verified'],
    [['verified', 'unverified'], 'unverified'],
    [['unverified', 'missing', 'verified'], 'missing'],
    [['missing', 'tampered'], 'tampered'],
    [['something new'], 'unverified'],
  ])('of events of %j is %s', (states, worst) => {
    const map = mapOf(states.map(state => group(`${kHome} us-east-1`, 1, state)));
    expect(map.rows[0]?.cells[1]?.state).toBe(worst);
  });

  it('tells what did not happen from what was not delivered', () =>
    expect(
      statesOf(
        mapOf([
          group(`${kHome} us-east-1`, 0, 'verified'),
          group(`${kHome} eu-west-1`, 1, 'verified'),
          group('444455556666 us-east-1', 2, 'verified'),
        ]),
      ),
    ).toEqual([
      `${kHome} eu-west-1 quiet verified nothing`,
      `${kHome} us-east-1 verified quiet nothing`,
      '444455556666 us-east-1 nothing nothing verified',
    ]));

  it('counts events of several states', () => {
    const map = mapOf([
      group(`${kHome} us-east-1`, 0, 'verified', 70),
      group(`${kHome} us-east-1`, 0, 'tampered', 4),
    ]);
    expect(map.rows[0]?.cells[0]).toMatchObject({
      state: 'tampered',
      events: new Map([
        ['verified', 70],
        ['tampered', 4],
      ]),
    });
  });

  it('is missing where a file is that nothing was read of', () => {
    const file = { account: kHome, region: 'us-east-1', time: kBegin + kHour };
    const map = mapOf([group(`${kHome} us-east-1`, 0, 'verified')], [file, file]);
    expect(statesOf(map)).toEqual([`${kHome} us-east-1 verified missing nothing`]);
    expect(map.rows[0]?.cells[1]).toMatchObject({ missingFiles: 2, events: new Map() });
  });

  it('does not look at missing files of other times', () => {
    const files = [-1, 3].map(hour => ({ account: kHome, region: 'a', time: kBegin + hour * kHour }));
    expect(mapOf([], files).rows).toEqual([]);
  });
});

describe('the rows', () => {
  it('have a place for events that do not say where they are from', () =>
    expect(statesOf(mapOf([group('', 0, 'verified'), group(kHome, 0, 'tampered')]))).toEqual([
      '  verified nothing nothing',
      `${kHome}  tampered nothing nothing`,
    ]));

  it('take names of any kind', () =>
    expect(statesOf(mapOf([group('__proto__ constructor', 0, 'verified')]))).toEqual([
      '__proto__ constructor verified nothing nothing',
    ]));

  it('are the worst, and of those the ones with most events, where there are too many', () => {
    const map = mapOf(
      [
        group(`${kHome} a`, 0, 'verified', 1000),
        group(`${kHome} b`, 0, 'unverified', 1),
        group(`${kHome} c`, 0, 'unverified', 5),
        group(`${kHome} d`, 0, 'tampered', 1),
        group(`${kHome} e`, 0, 'missing', 1),
      ],
      [],
      3,
    );
    expect(map.rows.map(row => row.region)).toEqual(['c', 'd', 'e']);
    expect(map.rowCount).toBe(5);
  });
});

describe('the columns', () => {
  it('are whole, and their cells end where the span does', () => {
    const span = { begin: kBegin + kHour / 2, end: kBegin + 1.25 * kHour };
    const map = coverageOf([group(`${kHome} a`, 0, 'verified')], [], { span, width: kHour, most: 1 });
    expect(map.columns.map(({ begin, end }) => [begin, end])).toEqual([
      [kBegin, kBegin + kHour],
      [kBegin + kHour, kBegin + 2 * kHour],
    ]);
    expect(map.rows[0]?.cells.map(({ begin, end }: Cell) => [begin, end])).toEqual([
      [span.begin, kBegin + kHour],
      [kBegin + kHour, span.end],
    ]);
  });
});
