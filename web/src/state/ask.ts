import { computed, signal } from '@preact/signals';
import type { Ask } from './ask_shape';
import { decodeAsk, encodeAsk } from './url_codec';

export type { Ask, Syntax, View } from './ask_shape';

/** The query part of the URL, or what a short link in its place stands for. */
function searchOfUrl(): string {
  const kept = (history.state as { search?: unknown } | null)?.search;
  return typeof kept === 'string' ? kept : location.search;
}

/** What is asked now. Change it by `change`, so that the URL follows. */
export const ask = signal<Ask>(decodeAsk(searchOfUrl()));

/** Whether anything narrows the result. */
export const isNarrowed = computed(
  () => ask.value.q.trim() !== '' || ask.value.from !== '' || ask.value.to !== '',
);

/**
 * Changes what is asked. What is a step of its own, to which the back button returns, is a new entry of the
 * browser's history; `replace` alters the present one.
 */
export function change(patch: Partial<Ask>, { replace = false } = {}): void {
  const next = { ...ask.value, ...patch };
  const url = encodeAsk(next) || location.pathname;
  if (url === (location.search || location.pathname)) replace = true;
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  ask.value = next;
}

/** Follows the back button; answers how to stop. */
export function followHistory(): () => void {
  const read = (): void => {
    ask.value = decodeAsk(searchOfUrl());
  };
  addEventListener('popstate', read);
  return () => removeEventListener('popstate', read);
}
