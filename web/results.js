// @ts-check
import { recordUrl } from './api.js';
import { byId, el, grouped, plain, shortTime } from './dom.js';
import { indented } from './json_text.js';
import { PAGE_SIZE, WINDOW } from './query.js';

/** @typedef {import('./api.js').Hit} Hit */
/**
 * @typedef {object} Actions
 * @property {(start: number) => void} onPage
 * @property {(filter: import('./query.js').Filter) => void} onFilter
 * @property {(id: string) => Promise<Hit | undefined>} load all fields of an event
 */

/**
 * @param {import('./api.js').Answer} answer
 * @param {Actions} actions
 */
export function showResults(answer, actions) {
  const { found, start, hit } = answer.hits;
  const body = el('tbody');
  for (const event of hit) appendEvent(body, event, actions);
  const heads = ['Time (UTC)', 'Actor', 'Event', 'Service', 'Region', 'Source address', 'Outcome'];
  byId('results').replaceChildren(
    el('p', { class: 'count-line', id: 'count' },
      found === 0 ? 'No events' : `${grouped(start + 1)}–${grouped(start + hit.length)} of ${grouped(found)} events`,
      el('span', { class: 'quiet' }, ` · ${grouped(answer.status['time-ms'])} ms`)),
    el('table', {}, el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))), body),
    pages(found, start, actions.onPage),
  );
}

/**
 * @param {Hit} event
 * @param {string} field
 */
function text(event, field) {
  const value = event.fields[field];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

/**
 * @param {HTMLElement} body
 * @param {Hit} event
 * @param {Actions} actions
 */
function appendEvent(body, event, actions) {
  const failed = text(event, 'event_outcome') === 'failure';
  const toggle = el('button', { type: 'button', class: 'expand', 'aria-expanded': 'false' },
    shortTime(text(event, 'event_time')));
  /** @param {string} label @param {string} field */
  const cell = (label, field) => {
    const value = text(event, field);
    return el('td', { 'data-label': label, title: plain(value) }, value);
  };
  const outcome = failed ? text(event, 'error_code') || 'failed' : 'ok';
  const row = el('tr', { class: failed ? 'event failed' : 'event' },
    el('td', { 'data-label': 'Time' }, toggle),
    cell('Actor', 'actor'), cell('Event', 'event_name'), cell('Service', 'event_source'),
    cell('Region', 'aws_region'), cell('Source', 'source_ip_address'),
    el('td', { 'data-label': 'Outcome', title: plain(text(event, 'error_message')) },
      el('span', { class: failed ? 'badge error' : 'badge' }, outcome)));
  row.addEventListener('click', (click) => {
    const selecting = String(getSelection()) !== '';
    if (!selecting || click.target === toggle) toggleDetail(row, toggle, event.id, actions);
  });
  body.appendChild(row);
}

/**
 * @param {HTMLElement} row
 * @param {HTMLElement} toggle
 * @param {string} id
 * @param {Actions} actions
 */
async function toggleDetail(row, toggle, id, actions) {
  const open = toggle.getAttribute('aria-expanded') === 'true';
  toggle.setAttribute('aria-expanded', String(!open));
  if (open) {
    row.nextElementSibling?.remove();
    return;
  }
  const cell = el('td', { colspan: 7, 'aria-busy': 'true' }, 'Loading…');
  row.after(el('tr', { class: 'detail' }, cell));
  try {
    const event = await actions.load(id);
    cell.replaceChildren(event ? detail(event, actions) : 'The event is no longer in the store.');
  } catch (error) {
    cell.replaceChildren(`Cannot load the event: ${plain(error instanceof Error ? error.message : String(error))}`);
  }
  cell.removeAttribute('aria-busy');
}

/**
 * @param {Hit} event
 * @param {Actions} actions
 */
function detail(event, actions) {
  const rows = [];
  for (const [field, value] of Object.entries(event.fields)) {
    if (field === 'raw') continue;
    for (const one of Array.isArray(value) ? value : [value]) rows.push(fieldRow(field, one, actions));
  }
  return el('div', { class: 'detail-columns' },
    el('div', {}, el('h3', {}, 'Fields'), el('table', { class: 'fields' }, el('tbody', {}, ...rows))),
    el('div', {},
      el('h3', {}, 'Record ', el('a', { href: recordUrl(event.id), target: '_blank', rel: 'noreferrer' }, 'original')),
      el('pre', { class: 'record', tabindex: '0' }, indented(text(event, 'raw')))));
}

/**
 * @param {string} field
 * @param {string} value
 * @param {Actions} actions
 */
function fieldRow(field, value, actions) {
  /** @param {boolean} not @param {string} sign @param {string} help */
  const button = (not, sign, help) => el('button', {
    type: 'button', class: 'filter-button', title: help, 'aria-label': `${help}: ${field}`,
    onclick: () => actions.onFilter({ field, value, not }),
  }, sign);
  return el('tr', {},
    el('th', { scope: 'row' }, field),
    el('td', {}, value),
    el('td', { class: 'filter-buttons' },
      button(false, '+', 'only events with this value'), button(true, '−', 'only events without this value')));
}

/**
 * @param {number} found
 * @param {number} start
 * @param {(start: number) => void} onPage
 */
function pages(found, start, onPage) {
  const next = start + PAGE_SIZE;
  const beyond = next + PAGE_SIZE > WINDOW;
  return el('nav', { class: 'pages', 'aria-label': 'Pages' },
    el('button', { type: 'button', disabled: start === 0, onclick: () => onPage(Math.max(0, start - PAGE_SIZE)) }, 'Newer'),
    el('button', { type: 'button', id: 'next', disabled: next >= found || beyond, onclick: () => onPage(next) }, 'Older'),
    beyond && next < found ? el('span', { class: 'quiet' }, 'Narrow the search to see older events.') : '');
}
