import type { Series } from './bars';

/** The class that colours a series: an outcome has its own, whatever its place. */
export function seriesClass(series: readonly Series[], at: number): string {
  const one = series[at];
  if (one?.kind === 'value' && one.name === 'failure') return 'series-failure';
  if (one?.kind === 'value' && one.name === 'success') return 'series-0';
  return one && one.kind !== 'value' ? 'series-4' : `series-${Math.min(at, 3)}`;
}
