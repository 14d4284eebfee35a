import { effect, signal, type Signal } from '@preact/signals';

/** What one browser keeps. Storage may be forbidden or hold anything; then the setting is as at first. */
export function setting<T>(key: string, first: T, isValid: (value: unknown) => value is T): Signal<T> {
  const kept = signal(read(key, first, isValid));
  let known = kept.peek();
  effect(() => {
    if (kept.value === known) return;
    known = kept.value;
    write(key, known);
  });
  return kept;
}

const kPrefix = 'trailsift.';

function read<T>(key: string, first: T, isValid: (value: unknown) => value is T): T {
  try {
    const text = localStorage.getItem(kPrefix + key);
    const value: unknown = text === null ? first : JSON.parse(text);
    return isValid(value) ? value : first;
  } catch {
    return first;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(kPrefix + key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing shows the same page.
  }
}

/** Whether a value is one of `choices`. */
export function oneOf<const T extends string>(...choices: T[]): (value: unknown) => value is T {
  return (value): value is T => (choices as unknown[]).includes(value);
}

export function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'string');
}

export const theme = setting('theme', 'auto', oneOf('auto', 'light', 'dark'));
export const density = setting('density', 'compact', oneOf('compact', 'roomy'));

export const wrap = setting('wrap', 'no', oneOf('no', 'yes'));
/** Whether copies of one action, delivered to several accounts, are one row. */
export const copies = setting('copies', 'together', oneOf('together', 'apart'));
export const eventPlace = setting('event-place', 'below', oneOf('below', 'beside'));

function isWidths(value: unknown): value is Record<string, number> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(width => typeof width === 'number' && width > 0 && width < 10_000);
}

/** The widths of columns in pixels, by field, where someone chose them. */
export const columnWidths = setting<Record<string, number>>('widths', {}, isWidths);

export const kDefaultFacets = [
  'actor',
  'actor_type',
  'event_name',
  'event_source',
  'account_name',
  'recipient_account_id',
  'aws_region',
  'error_code',
  'read_only',
  'source_ip_address',
  'client',
  'mfa_authenticated',
  'integrity',
];
export const shownFacets = setting('facets', kDefaultFacets, isTextList);
