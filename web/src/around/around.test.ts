import { describe, expect, it } from 'vitest';
import type { Hit } from '../api/types';
import { aroundLinks, timesAround } from './links';

const kTime = '2021-07-29T12:00:00Z';

describe('around an event', () => {
  it('are the queries of what it shares with others', () => {
    const hit: Hit = {
      id: 'e1',
      time: kTime,
      fields: {
        actor: 'alice "a"',
        user_identity_access_key_id: 'ASIA1',
        source_ip_address: '198.51.100.7',
        request_id: 'R1',
        resources_arn: ['arn:aws:s3:::b', 'arn:aws:s3:::b/k'],
        recipient_account_id: '111122223333',
      },
    };
    const times = { from: '2021-07-29T11:55:00Z', to: '2021-07-29T12:05:00Z' };
    expect(aroundLinks(hit).map(({ label, which }) => [label, which])).toEqual([
      ['Same actor', { q: 'actor == "alice \\"a\\""' }],
      ['Same access key', { q: 'user_identity_access_key_id == ASIA1' }],
      ['Same source IP', { q: 'source_ip_address == 198.51.100.7' }],
      ['Same request', { q: 'request_id == R1' }],
      ['Same resource', { q: 'resources_arn == arn:aws:s3:::b' }],
      ['Same resource', { q: 'resources_arn == arn:aws:s3:::b/k' }],
      ['± 5 minutes, same actor', { q: 'actor == "alice \\"a\\""', ...times }],
      ['± 5 minutes, same account', { q: 'recipient_account_id == 111122223333', ...times }],
      ['± 5 minutes', { q: '', ...times }],
    ]);
  });

  it('is nothing for an event that tells nothing', () =>
    expect(aroundLinks({ id: 'e1', time: 'never', fields: { source_ip_address: 'AWS Internal' } })).toEqual(
      [],
    ));

  it('is five minutes each way', () =>
    expect(timesAround(kTime)).toEqual({ from: '2021-07-29T11:55:00Z', to: '2021-07-29T12:05:00Z' }));
});
