import { computed, effect, signal, untracked } from '@preact/signals';
import * as api from '../api/calls';
import { ApiError, isAbort, LatestOnly } from '../api/client';
import type {
  Coverage,
  Facet,
  Histogram,
  HistogramRequest,
  Hit,
  SearchAnswer,
  SearchRequest,
  Which,
} from '../api/types';
import { intervalText, widthFor } from '../time/interval';
import { ask } from './ask';
import { askedSpan } from './asked_range';
import { askedAt } from './clock';
import { facetRequests } from './facet_requests';
import { knowFields } from './fields';
import { loadStatus, status } from './status';

/** The answer to one question. A part that is still being worked out is absent. */
export interface Result {
  /** What the rows answer: `rowsAsked` as it was. */
  rowsAsked: string;
  /** What list they are of: `listAsked` as it was. */
  listAsked: string;
  total: number;
  hits: Hit[];
  facets: ReadonlyMap<string, Facet>;
  histogram: Histogram | undefined;
  cursor: string | undefined;
  /** How much was searched, when that is not all. */
  partial: Coverage | undefined;
  tookMs: number;
}

/** When what was found by then is shown, while the search goes on. */
const kPatience = '2s';
const kPageSize = 100;
const kMorePageSize = 500;
/** Rows that are fetched again at once when events may have come. */
const kMaxRefreshed = 1000;
/** Rows that are fetched again at once when another column is wanted of them. */
const kMaxAgain = 10_000;

/** What rows need beside the columns that are shown. */
const kMarks = ['event_outcome', 'error_code', 'error_message', 'read_only'];
/** What tells that hits are copies of one action, and in which accounts. */
export const kOfCopies = [
  'shared_event_id',
  'event_source',
  'event_name',
  'recipient_account_id',
  'account_name',
];

export const result = signal<Result | undefined>(undefined);
export const loading = signal(false);
export const loadingMore = signal(false);
/** Why there is no newer `result`; it then is the answer to an earlier question. */
export const failure = signal<unknown>(undefined);
/** Why the rows behind those that are there did not come. */
export const failureOfMore = signal<unknown>(undefined);
/** Whether the last question was given up before it was answered. */
export const cancelled = signal(false);

/** Parts of `result` that are the same objects when rows come behind those that are there. */
export const answeredFacets = computed(() => result.value?.facets);
export const answeredHistogram = computed(() => result.value?.histogram);

/** Which events are asked for. */
export const which = computed<Which>(() => {
  const { q, syntax, from, to } = ask.value;
  return { q, syntax, ...(from && { from }), ...(to && { to }) };
});

/** Which list the rows are of, whatever is told of each. */
export const listAsked = computed(() => JSON.stringify([which.value, ask.value.sort]));

/** What the rows are asked by. The order of columns is of no matter to the server. */
const request = computed<SearchRequest>(() => ({
  ...which.value,
  sort: [ask.value.sort],
  columns: [...new Set([...ask.value.columns, ...kMarks, ...kOfCopies])].sort(),
  partial: true,
}));

export const rowsAsked = computed(() => JSON.stringify(request.value));

/** Whether the rows of `result` answer an earlier question than the present one. */
export const isStale = computed(
  () => result.value !== undefined && result.value.rowsAsked !== rowsAsked.value,
);

const kMostBars = 150;

/** Buckets of a width that suits all of what is asked for, not only where there are hits. */
function histogramRequest(): HistogramRequest {
  const span = askedSpan.peek();
  const { split } = ask.peek();
  return {
    ...(span ? { interval: intervalText(widthFor(span, kMostBars)) } : { buckets: 90 }),
    ...(split && { split, values: 4 }),
  };
}

/** What the store spans is asked once, where the question has no bounds of its own. */
async function knowStore(): Promise<void> {
  const { from, to } = ask.peek();
  if ((from === '' || to === '') && !status.peek()) await loadStatus().catch(() => undefined);
}

/** The parts of `ask` that change the answer, as one text, so that others do not ask again. */
const question = computed(() => JSON.stringify([request.value, ask.value.split, facetRequests(which.value)]));

const latest = new LatestOnly();
const latestMore = new LatestOnly();

/** As many rows as are there of the same list, so that a new column or a refresh moves nobody. */
function sizeOfAnswer(before: Result | undefined): number {
  if (before?.listAsked !== listAsked.value) return kPageSize;
  const most = before.rowsAsked === rowsAsked.value ? kMaxRefreshed : kMaxAgain;
  return Math.max(kPageSize, Math.min(before.hits.length, most));
}

/** Of several answers that are shown as one: how much was searched for all of them. */
function leastOf(answers: readonly SearchAnswer[]): Coverage | undefined {
  const parts = answers.flatMap(one => one.partial ?? []);
  return parts.sort((one, other) => one.searched_events - other.searched_events)[0];
}

async function answer(signal: AbortSignal, limit: { timeout?: string }): Promise<Result> {
  const asked = { ...request.value, ...limit, size: sizeOfAnswer(result.peek()) };
  const questions = { rowsAsked: rowsAsked.value, listAsked: listAsked.value };
  const { shared: facets, own } = facetRequests(which.value);
  // What facets and headings do when they are pressed depends on the kinds of fields.
  await Promise.all([knowStore(), knowFields()]);
  askedAt.value = Date.now();
  const others = Promise.all(own.map(one => api.search({ ...one, ...limit, partial: true }, signal)));
  // The words of a refusal are about the whole query: those of the main request count.
  others.catch(() => undefined);
  const main = await api.search({ ...asked, histogram: histogramRequest(), facets }, signal);
  const answers = [main, ...(await others)];
  return {
    ...questions,
    total: main.total,
    hits: main.hits,
    facets: new Map(answers.flatMap(one => one.facets ?? []).map(facet => [facet.field, facet])),
    histogram: main.histogram,
    cursor: main.cursor,
    partial: leastOf(answers),
    tookMs: main.took_ms,
  };
}

function show(answered: Result): void {
  latestMore.abort();
  result.value = answered;
  failure.value = undefined;
}

/** What a part of the time is enough for; nothing where not even that was. */
async function earlyAnswer(signal: AbortSignal): Promise<Result | undefined> {
  try {
    return await answer(signal, { timeout: kPatience });
  } catch (error) {
    if (error instanceof ApiError && error.code === 'too_large') return undefined;
    throw error;
  }
}

/** The whole answer, or what the server has time for. Of one that takes long a part is shown meanwhile. */
async function answerInSteps(signal: AbortSignal): Promise<Result> {
  const before = result.peek();
  const isRefresh = before?.rowsAsked === rowsAsked.value && !before.partial;
  if (isRefresh) return answer(signal, {});
  const early = await earlyAnswer(signal);
  if (early && !early.partial) return early;
  if (early) show(early);
  return answer(signal, {});
}

/** Asks the present question, again if need be. */
export async function run(): Promise<void> {
  const signal = latest.next();
  latestMore.abort();
  loading.value = true;
  failureOfMore.value = undefined;
  cancelled.value = false;
  try {
    show(await answerInSteps(signal));
  } catch (error) {
    if (isAbort(error)) return;
    failure.value = error;
  }
  loading.value = false;
}

/** Gives up what is being asked; the server stops working on it. */
export function cancel(): void {
  latest.abort();
  loading.value = false;
  cancelled.value = true;
}

let more: Promise<void> | undefined;

/** Fetches the hits behind those that are there, about `size` of them; or waits for those under way. */
export function loadMore(size = kMorePageSize): Promise<void> {
  more ??= fetchMore(size).finally(() => (more = undefined));
  return more;
}

async function fetchMore(size: number): Promise<void> {
  const before = result.value;
  if (!before?.cursor || isStale.value) return;
  const signal = latestMore.next();
  loadingMore.value = true;
  failureOfMore.value = undefined;
  try {
    const asked = { ...request.value, size, cursor: before.cursor };
    const next = await api.search(asked, signal);
    // A newer answer has rows of its own.
    if (result.value !== before) return;
    const partial = before.partial ?? next.partial;
    result.value = { ...before, hits: [...before.hits, ...next.hits], cursor: next.cursor, partial };
  } catch (error) {
    if (!isAbort(error)) failureOfMore.value = error;
  } finally {
    loadingMore.value = false;
  }
}

const isShown = computed(() => ask.value.view === 'search');

/** Keeps `result` the answer to what is asked. */
export function followAsk(): () => void {
  // Each from a signal of its own: all of `ask` changes with an event that is opened, too.
  return effect(() => {
    if (isShown.value && question.value) untracked(() => void run());
  });
}
