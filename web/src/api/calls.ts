import { deleteJson, getJson, getText, pathWith, postForm, postJson, putJson } from './client';
import type {
  About,
  Deliveries,
  DeliveryFilter,
  Explanation,
  ExportRequest,
  Field,
  Hit,
  IntegrityAnswer,
  IntegrityFilter,
  Link,
  PolicyAnswer,
  Quarantine,
  QuarantineEntry,
  Replayed,
  SavedSearch,
  SearchAnswer,
  SearchRequest,
  Session,
  StatsAnswer,
  StatsRequest,
  Status,
  Translations,
  Which,
} from './types';

export function search(request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer> {
  return postJson('/api/search', request, signal);
}

export async function fields(): Promise<Field[]> {
  return (await getJson<{ fields: Field[] }>('/api/fields')).fields;
}

export function status(signal?: AbortSignal): Promise<Status> {
  return getJson('/api/status', {}, signal);
}

/** The path of an event's original record. */
export function recordPath(id: string): string {
  return `/api/events/${encodeURIComponent(id)}`;
}

/** The original record of an event, byte for byte. */
export function record(id: string, signal?: AbortSignal): Promise<string> {
  return getText(recordPath(id), signal);
}

export function about(signal?: AbortSignal): Promise<About> {
  return getJson('/api/about', {}, signal);
}

/** What was last found of the log files, and those of a state. */
export function integrity(filter: IntegrityFilter, signal?: AbortSignal): Promise<IntegrityAnswer> {
  return getJson('/api/integrity', { ...filter }, signal);
}

/** Counts hits by values, and by time. */
export function stats(request: StatsRequest, signal?: AbortSignal): Promise<StatsAnswer> {
  return postJson('/api/stats', request, signal);
}

export function explain(which: Which, signal?: AbortSignal): Promise<Explanation> {
  return postJson('/api/explain', which, signal);
}

export function translate(which: Which, signal?: AbortSignal): Promise<Translations> {
  return postJson('/api/translate', which, signal);
}

/** The permissions that the calls among the hits needed. */
export function policy(which: Which, signal?: AbortSignal): Promise<PolicyAnswer> {
  return postJson('/api/policy', which, signal);
}

/** The path that streams every hit, as a file to be saved. */
export function exportPath({ columns, filters: _, ...rest }: ExportRequest): string {
  return pathWith('/api/export', { ...rest, columns: columns?.map(escapedListEntry).join(',') });
}

/** A comma of a list's entry in a URL has a backslash before it. */
function escapedListEntry(entry: string): string {
  return entry.replace(/[\\,]/g, '\\$&');
}

export function deliveries(filter: DeliveryFilter, signal?: AbortSignal): Promise<Deliveries> {
  return getJson('/api/deliveries', { ...filter }, signal);
}

export function quarantine(cursor = '', signal?: AbortSignal): Promise<Quarantine> {
  return getJson('/api/quarantine', { limit: 100, cursor }, signal);
}

/** One entry, with the beginning of its bytes. */
export function quarantineEntry(id: string, signal?: AbortSignal): Promise<QuarantineEntry> {
  return getJson(quarantinePath(id), {}, signal);
}

export function quarantinePath(id: string): string {
  return `/api/quarantine/${encodeURIComponent(id)}`;
}

/** Which entries: by their ids, or all of them. */
export type Entries = { ids: string } | { all: true };

export function replay(entries: Entries, token: string): Promise<Replayed> {
  return postForm('/api/quarantine/replay', entries, token);
}

export function drop(entries: Entries, token: string): Promise<{ dropped: number }> {
  return postForm('/api/quarantine/drop', entries, token);
}

export async function savedSearches(signal?: AbortSignal): Promise<SavedSearch[]> {
  return (await getJson<{ searches: SavedSearch[] }>('/api/saved', {}, signal)).searches;
}

const savedPath = (name: string): string => `/api/saved/${encodeURIComponent(name)}`;

/** Saves under a name. Unless `replace`, a name that is there already is refused with 412. */
export function saveSearch(name: string, state: string, replace: boolean): Promise<SavedSearch> {
  return putJson(savedPath(name), { state }, replace ? {} : { 'If-None-Match': '*' });
}

export function deleteSaved(name: string): Promise<unknown> {
  return deleteJson(savedPath(name));
}

export function makeLink(state: string, signal?: AbortSignal): Promise<Link> {
  return postJson('/api/links', { state }, signal);
}

export function link(id: string): Promise<Link> {
  return getJson(`/api/links/${encodeURIComponent(id)}`);
}

/** Every field of one event; undefined when none has the id. */
export async function event(id: string, signal?: AbortSignal): Promise<Hit | undefined> {
  const filters = [{ field: 'event_id', include: [id] }];
  return (await search({ filters, size: 1 }, signal)).hits.find(hit => hit.id === id);
}

/** How many events there are. */
export async function count(which: Which, signal?: AbortSignal): Promise<number> {
  return (await search({ ...which, columns: [], size: 0 }, signal)).total;
}

export function deliveriesOf(object: string, signal?: AbortSignal): Promise<Deliveries> {
  return getJson('/api/deliveries', { object, limit: 5 }, signal);
}

export interface SessionQuestion {
  created?: string | undefined;
  columns?: string | undefined;
  size?: number | undefined;
  cursor?: string | undefined;
}

/** Who opened a session, and what was done in it. */
export function session(id: string, question: SessionQuestion, signal?: AbortSignal): Promise<Session> {
  return getJson(`/api/sessions/${encodeURIComponent(id)}`, { ...question }, signal);
}
