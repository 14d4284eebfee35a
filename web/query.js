// @ts-check
// What is being asked: the state of the page, its URL, and the request it makes.

/**
 * @typedef {{field: string, value: string, not: boolean}} Filter
 * @typedef {{q: string, filters: Filter[], from: string, to: string, start: number}} State
 */

export const PAGE_SIZE = 50;
export const WINDOW = 10000; // The server's limit on start + size.
export const FACETS = ['actor', 'event_name', 'event_source', 'aws_region', 'error_code', 'source_ip_address'];
const COLUMNS = [
  'event_time', 'actor', 'event_name', 'event_source', 'aws_region', 'source_ip_address',
  'event_outcome', 'error_code', 'error_message',
];

/**
 * @param {string} search
 * @returns {State}
 */
export function stateOf(search) {
  const parameters = new URLSearchParams(search);
  const start = Number.parseInt(parameters.get('start') ?? '0', 10);
  return {
    q: parameters.get('q') ?? '',
    filters: parameters.getAll('f').map(parseFilter),
    from: parameters.get('from') ?? '',
    to: parameters.get('to') ?? '',
    start: start > 0 && start <= WINDOW - PAGE_SIZE ? start : 0,
  };
}

/**
 * `field:value`, or `-field:value` for events that do not have it.
 * @param {string} text
 * @returns {Filter}
 */
function parseFilter(text) {
  const not = text.startsWith('-');
  const colon = text.indexOf(':');
  return { field: text.slice(not ? 1 : 0, colon), value: text.slice(colon + 1), not };
}

/** @param {State} state */
export function urlOf(state) {
  const parameters = new URLSearchParams();
  if (state.q) parameters.set('q', state.q);
  for (const { field, value, not } of state.filters) parameters.append('f', `${not ? '-' : ''}${field}:${value}`);
  if (state.from) parameters.set('from', state.from);
  if (state.to) parameters.set('to', state.to);
  if (state.start) parameters.set('start', String(state.start));
  const text = parameters.toString();
  return text ? '/?' + text : '/';
}

/** @param {string} text */
export function quoted(text) {
  return "'" + text.replace(/[\\']/g, '\\$&') + "'";
}

/**
 * A filter in structured syntax, as the type of its field wants it.
 * @param {Filter} filter
 * @param {string | undefined} type
 */
function condition({ field, value, not }, type) {
  let text = `${field}:${quoted(value)}`;
  if (type === 'integer') text = `${field}:${value}`;
  if (type === 'text') text = `(phrase field=${field} ${quoted(value)})`;
  return not ? `(not ${text})` : text;
}

/**
 * The parameters of the search that answers `state`.
 * @param {State} state
 * @param {(field: string) => string | undefined} typeOf
 * @returns {Record<string, string>}
 */
export function parametersOf(state, typeOf) {
  /** @type {Record<string, string>} */
  const parameters = {
    q: state.q.trim() || 'matchall',
    size: String(PAGE_SIZE),
    start: String(state.start),
    return: COLUMNS.join(','),
    facet: JSON.stringify(Object.fromEntries(FACETS.map((field) => [field, { size: 8 }]))),
    histogram: 'auto',
  };
  if (state.filters.length > 0) {
    parameters.fq = `(and ${state.filters.map((filter) => condition(filter, typeOf(filter.field))).join(' ')})`;
  }
  if (state.from.trim()) parameters.from = state.from.trim();
  if (state.to.trim()) parameters.to = state.to.trim();
  return parameters;
}

/** @param {Filter} a @param {Filter} b */
export function sameFilter(a, b) {
  return a.field === b.field && a.value === b.value && a.not === b.not;
}
