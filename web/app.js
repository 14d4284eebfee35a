// @ts-check
import { OfflineError, fields, search, storeStatus } from './api.js';
import { byId, el, grouped, plain } from './dom.js';
import { showFacets } from './facets.js';
import { showHistogram } from './histogram.js';
import { clearMessage, showEmptyStore, showError, showNoHits } from './message.js';
import { parametersOf, quoted, sameFilter, stateOf, urlOf } from './query.js';
import { showResults } from './results.js';

/** @typedef {import('./query.js').State} State */
/** @typedef {import('./query.js').Filter} Filter */

/** @type {[string, string][]} */
const EXAMPLES = [
  ['failed calls', "event_outcome:'failure'"],
  ['denied to people', "(and error_code:'AccessDenied' (not user_identity_type:'AWSService'))"],
  ['console logins', "event_name:'ConsoleLogin'"],
  ['root', "user_identity_type:'Root'"],
  ['everything created', "(prefix field=event_name 'Create')"],
  ['words anywhere', "'security group'"],
];
/** @type {[string, string][]} */
const PRESETS = [['all time', ''], ['1 h', 'now-1h'], ['24 h', 'now-24h'], ['7 d', 'now-7d'], ['30 d', 'now-30d']];

const queryBox = /** @type {HTMLTextAreaElement} */ (byId('query'));
const fromBox = /** @type {HTMLInputElement} */ (byId('from'));
const toBox = /** @type {HTMLInputElement} */ (byId('to'));

/** @type {Map<string, import('./api.js').Field>} */
let fieldTable = new Map();
let state = stateOf(location.search);
/** @type {AbortController | undefined} */
let running;

/** @param {string} field */
const typeOf = (field) => fieldTable.get(field)?.type;

/**
 * Makes `next` the state, with a step in the browser's history, and searches.
 * @param {Partial<State>} next
 */
function go(next) {
  state = { ...state, start: 0, ...next };
  const url = urlOf(state);
  if (url !== location.pathname + location.search) history.pushState(null, '', url);
  run();
}

/** @param {Filter} filter */
function toggleFilter(filter) {
  const others = state.filters.filter((other) => !sameFilter(other, filter));
  go({ filters: others.length < state.filters.length ? others : [...state.filters, filter] });
}

async function run() {
  showForm();
  running?.abort();
  const controller = new AbortController();
  running = controller;
  document.body.setAttribute('aria-busy', 'true');
  const asked = parametersOf(state, typeOf);
  try {
    if (fieldTable.size === 0) {
      fieldTable = await fields();
      Object.assign(asked, parametersOf(state, typeOf));
    }
    const status = await storeStatus();
    if (running === controller) showStatus(status);
    const answer = await search(asked, controller.signal);
    if (running === controller) show(answer, status.events === 0);
  } catch (error) {
    if (running === controller) {
      hideAnswer(error);
      showError(error, asked, run);
    }
  }
  if (running === controller) document.body.removeAttribute('aria-busy');
}

/** @param {import('./api.js').StoreStatus} status */
function showStatus(status) {
  byId('store').textContent = status.events === 0
    ? 'empty store'
    : `${grouped(status.events)} events, ${status.oldest?.slice(0, 10)} to ${status.newest?.slice(0, 10)}`;
}

/**
 * Keeps the last answer in view while the server is away, but not below a query it does not answer.
 * @param {unknown} error
 */
function hideAnswer(error) {
  if (error instanceof OfflineError) return;
  byId('columns').hidden = true;
  byId('histogram').hidden = true;
}

/**
 * @param {import('./api.js').Answer} answer
 * @param {boolean} emptyStore
 */
function show(answer, emptyStore) {
  const found = answer.hits.found;
  clearMessage();
  if (emptyStore) showEmptyStore();
  else if (found === 0) showNoHits(state.filters.length > 0 || state.from !== '' || state.to !== '');
  byId('columns').hidden = found === 0;
  showHistogram(answer.histogram, (from, to) => go({ from, to }));
  showFacets(answer, state, toggleFilter);
  showResults(answer, { onPage: turnPage, onFilter: toggleFilter, load });
}

/** @param {number} start */
function turnPage(start) {
  go({ start });
  byId('results').scrollIntoView();
}

/** @param {string} id */
async function load(id) {
  const answer = await search({ q: `_id:${quoted(id)}`, size: '1' });
  return answer.hits.hit.at(0);
}

/** Brings the form in line with the state. */
function showForm() {
  queryBox.value = state.q;
  fromBox.value = state.from;
  toBox.value = state.to;
  growQueryBox();
  document.title = state.q ? `${plain(state.q)} – Trailsift` : 'Trailsift';
  byId('presets').replaceChildren(...PRESETS.map(([label, from]) => el('button', {
    type: 'button', 'aria-pressed': String(state.from === from && state.to === ''),
    onclick: () => go({ from, to: '' }),
  }, label)));
  byId('filters').replaceChildren(...state.filters.map((filter) => el('button', {
    type: 'button', class: filter.not ? 'chip not' : 'chip', title: 'remove this filter',
    onclick: () => toggleFilter(filter),
  }, el('b', {}, `${filter.not ? 'not ' : ''}${filter.field}`), ' ', filter.value, el('span', { 'aria-hidden': 'true' }, ' ×'))));
}

function growQueryBox() {
  queryBox.style.height = 'auto';
  queryBox.style.height = `${Math.min(queryBox.scrollHeight + 2, 240)}px`;
}

function submit() {
  go({ q: queryBox.value.trim(), from: fromBox.value.trim(), to: toBox.value.trim() });
}

function start() {
  byId('examples').replaceChildren('Try ', ...EXAMPLES.map(([label, q]) => el('button', {
    type: 'button', title: q, onclick: () => go({ q }),
  }, label)));
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  queryBox.addEventListener('input', growQueryBox);
  queryBox.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea');
    if (event.key !== '/' || typing) return;
    event.preventDefault();
    queryBox.focus();
  });
  addEventListener('popstate', () => {
    state = stateOf(location.search);
    run();
  });
  /** @type {HTMLDetailsElement} */ (byId('facets')).open = matchMedia('(min-width: 60rem)').matches;
  run();
}

start();
