import type { FieldText } from './summary';

const kOpening = /^(?:AssumeRole.*|AssumeRoot|GetSessionToken|GetFederationToken|ConsoleLogin)$/;

/** What the session in which an event was made goes by; empty when it was made in none. */
export function sessionOf(field: FieldText): string {
  const key = field('user_identity_access_key_id');
  if (key.startsWith('ASIA')) return key;
  const principal = field('user_identity_principal_id');
  const isSession = /^(?:AssumedRole|FederatedUser)$/.test(field('user_identity_type'));
  return isSession && principal.includes(':') ? principal : '';
}

/** What the session goes by that an event opened; empty when it opened none. */
export function openedSession(id: string, field: FieldText): string {
  return kOpening.test(field('event_name')) && field('event_outcome') !== 'failure' ? id : '';
}
