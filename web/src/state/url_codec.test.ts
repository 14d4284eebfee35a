import { describe, expect, it } from 'vitest';
import type { Ask } from './ask_shape';
import { decodeAsk, encodeAsk } from './url_codec';

const kFirst = decodeAsk('');

describe('the URL', () => {
  it('is empty at first', () => expect(encodeAsk(kFirst)).toBe(''));

  it.each<[Partial<Ask>, string]>([
    [{ q: 'event_name:Create* and not actor:"a b"' }, '?q=event_name:Create*+and+not+actor:%22a+b%22'],
    [
      { q: 'a&b=c#d%+', from: 'now-7d', to: '2021-07-29T00:00:00Z' },
      '?q=a%26b%3Dc%23d%25%2B&from=now-7d&to=2021-07-29T00:00:00Z',
    ],
    [{ zone: 'Europe/Berlin', view: 'ingest' }, '?view=ingest&tz=Europe/Berlin'],
    [
      { columns: ['event_time', 'requestParameters.a,b\\c'] },
      '?cols=event_time,requestParameters.a%5C,b%5C%5Cc',
    ],
    [
      { syntax: 'structured', off: ['actor:a', 'x,y'], split: '' },
      '?syntax=structured&off=actor:a&off=x,y&split=',
    ],
    [{ view: 'session', session: 'AROA1:bo b', q: 'x' }, '?q=x&session=AROA1:bo+b'],
    [{ view: 'resource', resource: 'arn:aws:s3:::b' }, '?resource=arn:aws:s3:::b'],
    [{ view: 'session' }, '?view=session'],
    [{ event: 'e6', sort: 'actor asc' }, '?sort=actor+asc&event=e6'],
    [{ q: 'x\u202ey\u0000"<script>' }, '?q=x%E2%80%AEy%00%22%3Cscript%3E'],
  ])('%j', (patch, url) => {
    const ask = { ...kFirst, ...patch };
    expect(encodeAsk(ask)).toBe(url);
    expect(decodeAsk(url)).toEqual(ask);
  });

  it.each([
    ['?view=constructor', { view: 'search' }],
    ['?tz=Nowhere/Land', { zone: 'UTC' }],
    ['?cols=,,', { columns: kFirst.columns }],
    ['?cols=a,a,b', { columns: ['a', 'b'] }],
    ['?syntax=lucene', { syntax: 'kql' }],
    ['?q=%ff%zz', { q: '\ufffd%zz' }],
  ])('understands what it can of %s', (url, expected) => expect(decodeAsk(url)).toMatchObject(expected));

  it('is short for normal use', () => {
    const q =
      'event_name:(Create* or Delete*) and not actor_type:service and error_code:* and aws_region:(us-east-1 or eu-west-1)';
    expect(encodeAsk({ ...kFirst, q, from: 'now-7d', to: 'now' }).length).toBeLessThan(250);
  });
});
