// @ts-check
// Talks to the server.

/**
 * @typedef {{code?: string, parameter?: string, at?: {begin: number, end: number}}} ErrorDetail
 * @typedef {{id: string, fields: Record<string, string | string[]>}} Hit
 * @typedef {{value: string, count: number}} Bucket
 * @typedef {{
 *   status: {rid: string, 'time-ms': number},
 *   hits: {found: number, start: number, hit: Hit[]},
 *   facets?: Record<string, {buckets: Bucket[]}>,
 *   histogram?: {'interval-ms': number, buckets: Bucket[]},
 * }} Answer
 * @typedef {{events: number, segments: number, oldest?: string, newest?: string}} StoreStatus
 * @typedef {{name: string, type: string, origin: string, help: string}} Field
 */

/** What the server said is wrong with a request. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {ErrorDetail} detail
   */
  constructor(message, detail) {
    super(message);
    this.detail = detail;
  }
}

/** The server did not answer, or not like Trailsift. */
export class OfflineError extends Error {}

/**
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<any>}
 */
async function fetchJson(path, options = {}) {
  let response;
  let body;
  try {
    response = await fetch(path, { ...options, credentials: 'omit', redirect: 'error' });
    body = await response.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new OfflineError(String(error));
  }
  if (response.ok) return body;
  const detail = body.error ?? {};
  throw new ApiError(body.message ?? detail.message ?? `status ${response.status}`, detail);
}

/**
 * @param {Record<string, string>} parameters
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export function search(parameters, signal) {
  // In the body, as queries may be longer than what proxies take in a URL.
  return fetchJson('/2013-01-01/search', {
    method: 'POST',
    body: new URLSearchParams({ 'q.parser': 'structured', ...parameters }),
    signal,
  });
}

/** @returns {Promise<StoreStatus>} */
export function storeStatus() {
  return fetchJson('/api/status');
}

/** @returns {Promise<Map<string, Field>>} */
export async function fields() {
  const body = await fetchJson('/api/fields');
  return new Map(body.fields.map((/** @type {Field} */ field) => [field.name, field]));
}

/** @param {string} id */
export function recordUrl(id) {
  return '/api/events/' + encodeURIComponent(id);
}
