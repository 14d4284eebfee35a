import * as api from '../api/calls';
import type { CheckedFile, StatsAnswer } from '../api/types';
import { storeSpan } from '../state/asked_range';
import { loadStatus, status } from '../state/status';
import { intervalText, widthFor } from '../time/interval';
import { boundsOf, spanOf, type Bounds, type Span } from '../time/range';
import { coverageOf, type Coverage } from './coverage';
import { readLogName } from './log_name';

const kMostColumns = 32;
const kMostRows = 60;
/** What the server lists at most. */
const kMostGroups = 10_000;

export interface AskedCoverage extends Coverage {
  span: Span;
  /** Whether the times that are asked for are none that this page can place, so that all time is shown. */
  isAllTime: boolean;
  /** Names of accounts, by their ids. */
  names: ReadonlyMap<string, string>;
  /** Combinations of place, time and state that did not fit into the answer, those with fewest events. */
  uncounted: number;
}

/** The span of the bounds in the store; where they cannot be placed, all of it. */
async function spanFor(bounds: Bounds): Promise<{ span: Span; isAllTime: boolean } | undefined> {
  if (!status.peek()) await loadStatus();
  const whole = storeSpan();
  const asked = spanOf(bounds, Date.now(), whole);
  const span = asked ?? whole;
  return span && { span, isAllTime: asked === undefined };
}

function groupsIn(span: Span, width: number, signal: AbortSignal): Promise<StatsAnswer> {
  return api.stats(
    {
      ...boundsOf(span),
      by: ['recipient_account_id', 'aws_region', 'integrity'],
      interval: intervalText(width),
      size: kMostGroups,
    },
    signal,
  );
}

/** Counts in as many columns as are drawn, or in fewer where there would be more groups than the server lists. */
async function count(span: Span, signal: AbortSignal): Promise<{ answer: StatsAnswer; width: number }> {
  const width = widthFor(span, kMostColumns);
  const answer = await groupsIn(span, width, signal);
  if (answer.groups.length >= answer.group_count) return { answer, width };
  const fewer = Math.max(2, Math.floor((kMostColumns * kMostGroups) / answer.group_count));
  const wider = widthFor(span, fewer);
  return { answer: await groupsIn(span, wider, signal), width: wider };
}

async function accountNames(span: Span, signal: AbortSignal): Promise<Map<string, string>> {
  const by = ['recipient_account_id', 'account_name'];
  const { groups } = await api.stats({ ...boundsOf(span), by, size: kMostGroups }, signal);
  const names = new Map<string, string>();
  for (const { by: values } of groups) {
    const { recipient_account_id: account, account_name: name } = values;
    if (account !== undefined && name !== undefined) names.set(account, name);
  }
  return names;
}

/** The map of these times; undefined where the store is empty. */
export async function askCoverage(
  bounds: Bounds,
  missing: readonly CheckedFile[],
  signal: AbortSignal,
): Promise<AskedCoverage | undefined> {
  const placed = await spanFor(bounds);
  if (!placed) return undefined;
  const { span } = placed;
  const [{ answer, width }, names] = await Promise.all([count(span, signal), accountNames(span, signal)]);
  const files = missing.flatMap(file => readLogName(file.log_file) ?? []);
  const coverage = coverageOf(answer.groups, files, { span, width, most: kMostRows });
  return { ...coverage, ...placed, names, uncounted: answer.group_count - answer.groups.length };
}
