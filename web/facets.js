// @ts-check
import { byId, el, grouped, plain } from './dom.js';
import { FACETS, sameFilter } from './query.js';

/** @type {Record<string, string>} */
const TITLES = {
  actor: 'Actor', event_name: 'Event', event_source: 'Service', aws_region: 'Region',
  error_code: 'Error', source_ip_address: 'Source address',
};

/**
 * @param {import('./api.js').Answer} answer
 * @param {import('./query.js').State} state
 * @param {(filter: import('./query.js').Filter) => void} onToggle
 */
export function showFacets(answer, state, onToggle) {
  const lists = FACETS.map((field) => {
    const buckets = answer.facets?.[field]?.buckets ?? [];
    return buckets.length === 0 ? null : facet(field, buckets, answer.hits.found, state, onToggle);
  });
  byId('facet-lists').replaceChildren(...lists.filter((list) => list !== null));
}

/**
 * @param {string} field
 * @param {import('./api.js').Bucket[]} buckets
 * @param {number} found
 * @param {import('./query.js').State} state
 * @param {(filter: import('./query.js').Filter) => void} onToggle
 */
function facet(field, buckets, found, state, onToggle) {
  const items = buckets.map(({ value, count }) => {
    const filter = { field, value, not: false };
    const active = state.filters.some((other) => sameFilter(other, filter));
    const share = el('span', { class: 'share', 'aria-hidden': 'true' });
    share.style.width = `${Math.max(1, (100 * count) / found)}%`;
    return el('li', {},
      el('button', { type: 'button', class: 'facet-value', 'aria-pressed': String(active),
        title: plain(value), onclick: () => onToggle(filter) },
        share,
        el('span', { class: 'value' }, value),
        el('span', { class: 'count' }, grouped(count))));
  });
  return el('section', { class: 'facet', 'data-field': field },
    el('h2', {}, TITLES[field]), el('ul', {}, ...items));
}
