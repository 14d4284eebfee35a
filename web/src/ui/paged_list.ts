import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { isAbort, LatestOnly, wordsOf } from '../api/client';

/** A list that is fetched page by page. */
export interface Pages<Row> {
  rows: Signal<Row[]>;
  total: Signal<number>;
  /** Where there is more. */
  cursor: Signal<string | undefined>;
  loading: Signal<boolean>;
  problem: Signal<string>;
  /** Asks for the next page, or again for what did not come; not while one is awaited. */
  more: () => void;
}

interface Page<Row> {
  rows: Row[];
  total: number;
  cursor?: string | undefined;
}

/** Fetches the first page now and whenever `key` changes, and others on demand. */
export function usePages<Row>(
  key: string,
  fetchPage: (cursor: string, signal: AbortSignal) => Promise<Page<Row>>,
): Pages<Row> {
  const rows = useSignal<Row[]>([]);
  const total = useSignal(0);
  const cursor = useSignal<string | undefined>(undefined);
  const loading = useSignal(true);
  const problem = useSignal('');
  // A page that is still on its way belongs to the list before.
  const latest = useMemo(() => new LatestOnly(), []);
  const load = (from: string): void => {
    loading.value = true;
    fetchPage(from, latest.next()).then(
      page => {
        rows.value = from ? [...rows.value, ...page.rows] : page.rows;
        total.value = page.total;
        cursor.value = page.cursor;
        loading.value = false;
        problem.value = '';
      },
      (error: unknown) => {
        if (isAbort(error)) return;
        problem.value = wordsOf(error);
        loading.value = false;
      },
    );
  };
  useEffect(() => {
    // That of another list leads nowhere in this one.
    cursor.value = undefined;
    load('');
    return () => latest.abort();
  }, [key]);
  return {
    rows,
    total,
    cursor,
    loading,
    problem,
    more: () => {
      if (!loading.value) load(cursor.value ?? '');
    },
  };
}
