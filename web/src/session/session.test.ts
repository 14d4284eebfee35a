import { describe, expect, it } from 'vitest';
import type { ChainLink } from '../api/types';
import { personOf, personQuery, sessionQuery } from './words';

describe('the person of a chain', () => {
  const session: ChainLink = { session: true, actor: 'Admin/alice', principal_id: 'AROA1:alice' };
  it.each<[string, ChainLink[], string]>([
    ['is the identity it begins with', [session, { session: false, actor: 'bob' }], 'bob'],
    [
      'is the source identity that was told',
      [
        { ...session, source_identity: 'carol' },
        { session: false, actor: 'bob' },
      ],
      'carol',
    ],
    ['is the session name where nothing else is known', [session], 'alice'],
    ['is nobody of no chain', [], ''],
  ])('%s', (_, chain, person) => expect(personOf(chain)).toBe(person));
});

describe('queries', () => {
  it('ask for a person in every role', () =>
    expect(personQuery('alice b')).toBe(
      'actor == "alice b" or session_name == "alice b" or source_identity == "alice b"',
    ));
  it.each<[ChainLink, string]>([
    [{ session: true, access_key_id: 'ASIA1' }, 'user_identity_access_key_id == ASIA1'],
    [
      { session: true, access_key_id: 'ASIA1', principal_id: 'AROA1:a', created: '2024-06-01T08:15:00Z' },
      'user_identity_principal_id == AROA1:a and session_creation_date == 2024-06-01T08:15:00Z',
    ],
    [{ session: true }, ''],
  ])('%j', (link, query) => expect(sessionQuery(link)).toBe(query));
});
