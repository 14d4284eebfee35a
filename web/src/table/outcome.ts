import type { Hit } from '../api/types';

const kDenied = /denied|unauthori[sz]ed|forbidden/i;

/** How a call ended. */
export type Outcome = 'ok' | 'denied' | 'error';

/** All values that a hit has of a field, as one text. */
export function valueOf(hit: Hit, name: string): string {
  const value = Object.hasOwn(hit.fields, name) ? hit.fields[name] : undefined;
  if (value === undefined) return '';
  return typeof value === 'string' ? value : value.join(', ');
}

export function outcomeOf(hit: Hit): Outcome {
  if (valueOf(hit, 'event_outcome') !== 'failure') return 'ok';
  const said = `${valueOf(hit, 'error_code')} ${valueOf(hit, 'error_message')}`;
  return kDenied.test(said) ? 'denied' : 'error';
}
