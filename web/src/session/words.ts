import type { ChainLink, Session } from '../api/types';
import { valuesClause } from '../query_text/clauses';
import { targetOf } from '../state/fields';

const kEvidence: Readonly<Record<NonNullable<ChainLink['evidence']>, string>> = {
  access_key: 'gave out the access key that the calls were made with',
  session_id: 'opened a session of the same id at that time',
  sign_in: 'is the sign-in of the same user at that moment',
  session_name: 'asked for the same role and session name then; whoever assumes a role chooses the name',
};

/** How an identity is known to have opened the session before it. */
export function evidenceText(evidence: ChainLink['evidence']): string {
  return evidence === undefined ? '' : kEvidence[evidence];
}

const kEnds: Readonly<Record<Session['end'], string>> = {
  origin: 'The chain begins here: this identity is no session.',
  other_account: 'Of the account before, the records here tell no more than its number.',
  no_record: 'The record that opened this session is not here, or not yet.',
  ambiguous: 'Several records may have opened this session, and they name different identities.',
  loop: 'The chain comes back to a session that it has already.',
  depth: 'The chain is longer than can be followed.',
};

export function endText(end: Session['end']): string {
  return kEnds[end];
}

/** The name by which the records know the person, or the program, at the beginning of a chain. */
export function personOf(chain: readonly ChainLink[]): string {
  const sourceIdentity = chain.find(link => link.source_identity)?.source_identity;
  if (sourceIdentity) return sourceIdentity;
  const last = chain.at(-1);
  if (!last) return '';
  if (!last.session) return last.actor ?? last.arn ?? '';
  const name = last.principal_id?.split(':')[1];
  return name ?? last.actor ?? '';
}

/** The query of all that someone did, by their own name, as a session's name, or as a source identity. */
export function personQuery(person: string): string {
  return ['actor', 'session_name', 'source_identity']
    .map(field => valuesClause(targetOf(field), [person]))
    .join(' or ');
}

/** The query of the events of one session; those of its key, or else those of its principal. */
export function sessionQuery(link: ChainLink): string {
  const { access_key_id: key, principal_id: principal, created } = link;
  if (key && !principal) return valuesClause(targetOf('user_identity_access_key_id'), [key]);
  if (!principal) return '';
  const date = created ? ` and ${valuesClause(targetOf('session_creation_date'), [created])}` : '';
  return valuesClause(targetOf('user_identity_principal_id'), [principal]) + date;
}
