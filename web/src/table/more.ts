import { signal } from '@preact/signals';
import { failureOfMore, isStale, loadMore, result, type Result } from '../state/results';
import type { Items } from './rows';

/** Rows in one list. Beyond, browsers cannot scroll exactly; one goes there by time. */
export const kMaxRows = 200_000;
/** Rows that are loaded on demand. */
export const kManyRows = 100_000;

/** Rows before the end at which those that follow are fetched: a quarter of what is there, up to this. */
const kMostAhead = 400;
const kManyPageSize = 2000;

export function mayHaveMore(shown: Result | undefined): boolean {
  return shown?.cursor !== undefined && shown.hits.length < shown.total;
}

/** Loads what follows when the last item of the document is near the end of the list. */
export function followScroll(items: Items, last: number): void {
  if (failureOfMore.value !== undefined || loadingMany.value) return;
  const ahead = Math.min(items.hits.length / 4, kMostAhead);
  const shown = result.value;
  if (last < items.count - ahead || (shown?.hits.length ?? 0) >= kMaxRows) return;
  if (mayHaveMore(shown)) void loadMore();
}

/** Whether many rows are being loaded. */
export const loadingMany = signal(false);

/** Loads rows until there are `kManyRows`, or all, or someone stops it. */
export async function loadMany(): Promise<void> {
  if (loadingMany.value) return;
  loadingMany.value = true;
  const list = result.value?.listAsked;
  try {
    while (isWanted(list)) await loadMore(kManyPageSize);
  } finally {
    loadingMany.value = false;
  }
}

function isWanted(list: string | undefined): boolean {
  const shown = result.value;
  if (!loadingMany.value || isStale.value || shown?.listAsked !== list) return false;
  return (shown?.hits.length ?? 0) < kManyRows && mayHaveMore(shown) && failureOfMore.value === undefined;
}

export function stopLoadingMany(): void {
  loadingMany.value = false;
}
