import type { Hit, Which } from '../api/types';
import { valuesClause } from '../query_text/clauses';
import { targetOf } from '../state/fields';
import { around, boundsOf, type Bounds } from '../time/range';

/** Other events that one event leads to. */
export interface AroundLink {
  label: string;
  /** What they share. */
  value: string;
  which: Required<Pick<Which, 'q'>> & Pick<Which, 'from' | 'to'>;
}

const kMinutes = 5;

function valuesOf(hit: Hit, name: string): string[] {
  const value = hit.fields[name] ?? [];
  return typeof value === 'string' ? [value] : value;
}

/** The times around an event, both bounds as the server understands them. */
export function timesAround(time: string): Bounds {
  return boundsOf(around(Date.parse(time), kMinutes));
}

interface Shared {
  label: string;
  field: string;
  /** Values that are not one's own. */
  not?: RegExp;
}

const kShared: readonly Shared[] = [
  { label: 'Same actor', field: 'actor' },
  { label: 'Same access key', field: 'user_identity_access_key_id' },
  { label: 'Same principal', field: 'user_identity_principal_id' },
  { label: 'Same source IP', field: 'source_ip_address', not: /^AWS Internal$/ },
  { label: 'Same request', field: 'request_id' },
  { label: 'Same action in other accounts', field: 'shared_event_id' },
  { label: 'Same action of this service', field: 'event_name' },
];

const kMaxResources = 3;

/** The queries that lead from `hit` to what is around it. */
export function aroundLinks(hit: Hit): AroundLink[] {
  const links: AroundLink[] = kShared.flatMap(({ label, field, not }) =>
    valuesOf(hit, field)
      .slice(0, 1)
      .filter(value => !not?.test(value))
      .map(value => ({ label, value, which: { q: clauseOf(field, value) } })),
  );
  for (const arn of valuesOf(hit, 'resources_arn').slice(0, kMaxResources)) {
    links.push({ label: 'Same resource', value: arn, which: { q: clauseOf('resources_arn', arn) } });
  }
  return [...links, ...inTime(hit)];
}

function clauseOf(field: string, value: string): string {
  return valuesClause(targetOf(field), [value]);
}

function inTime(hit: Hit): AroundLink[] {
  if (Number.isNaN(Date.parse(hit.time))) return [];
  const times = timesAround(hit.time);
  const account = valuesOf(hit, 'recipient_account_id')[0];
  const actor = valuesOf(hit, 'actor')[0];
  const links: AroundLink[] = [];
  if (actor)
    links.push({
      label: '± 5 minutes, same actor',
      value: actor,
      which: { q: clauseOf('actor', actor), ...times },
    });
  if (account) {
    const q = clauseOf('recipient_account_id', account);
    links.push({ label: '± 5 minutes, same account', value: account, which: { q, ...times } });
  }
  links.push({ label: '± 5 minutes', value: 'all events', which: { q: '', ...times } });
  return links;
}
