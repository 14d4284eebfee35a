import { computed, signal } from '@preact/signals';
import * as api from '../api/calls';
import type { Field } from '../api/types';
import type { Target } from '../query_text/clauses';

/** The schema of the server; empty until it has been read. */
export const allFields = signal<readonly Field[]>([]);

const byName = computed(() => {
  const names = new Map<string, Field>();
  for (const field of allFields.value) {
    for (const name of [field.name, field.path ?? '', ...field.aliases]) {
      if (name) names.set(name.toLowerCase(), field);
    }
  }
  return names;
});

/** The field of any of its names. */
export function fieldOf(name: string): Field | undefined {
  return byName.value.get(name.toLowerCase());
}

/** Whether two names mean the same field, or are the same path. */
export function isSameField(one: string, other: string): boolean {
  const a = fieldOf(one)?.name ?? one;
  const b = fieldOf(other)?.name ?? other;
  return a === b;
}

/** How a value of a field, or of the leaf at a path, is asked for so that exactly it is found. */
export function targetOf(name: string): Target {
  const field = fieldOf(name);
  return {
    field: field?.name ?? name,
    exact: !field || field.type === 'text',
    ...(field?.type === 'integer' && { number: true }),
  };
}

/** The fields whose values can be counted. */
export const facetFields = computed(() =>
  allFields.value.filter(field => field.column && field.type !== 'time'),
);

let asked: Promise<void> | undefined;

/** Asks for the schema unless it is there, or asked for; where it cannot be had, the next call asks again. */
export function knowFields(): Promise<void> {
  asked ??= api.fields().then(
    fields => void (allFields.value = fields),
    () => void (asked = undefined),
  );
  return asked;
}

const kLabels: Readonly<Record<string, string>> = {
  event_time: 'Time',
  actor: 'Actor',
  actor_type: 'Actor type',
  event_name: 'Event',
  event_source: 'Service',
  resources_arn: 'Target',
  account_name: 'Account',
  recipient_account_id: 'Account id',
  aws_region: 'Region',
  error_code: 'Error',
  event_outcome: 'Outcome',
  read_only: 'Read only',
  source_ip_address: 'Source IP',
  client: 'Client',
  user_agent: 'User agent',
  mfa_authenticated: 'MFA',
  integrity: 'Integrity',
};

/** What a field is called in headings. */
export function labelOf(name: string): string {
  return Object.hasOwn(kLabels, name) ? (kLabels[name] as string) : name;
}
