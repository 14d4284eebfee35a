// @ts-check
import { ApiError, OfflineError } from './api.js';
import { byId, el, plain } from './dom.js';

/** @param {...(Node | string)} children */
function show(...children) {
  const section = byId('message');
  section.replaceChildren(...children);
  section.hidden = children.length === 0;
}

export function clearMessage() {
  show();
}

/** Nothing has been indexed yet. */
export function showEmptyStore() {
  show(
    el('h2', {}, 'Nothing is indexed yet'),
    el('p', {}, 'Fetch log files, index them beside this server, and search:'),
    el('pre', {},
      'aws s3 sync s3://YOUR-BUCKET/AWSLogs logs\n' +
      'trailsift index logs --data DIR     # the DIR this server was started with\n' +
      '# then press Search: no restart is needed'));
}

/** @param {boolean} narrowed whether filters or a time range are set */
export function showNoHits(narrowed) {
  show(
    el('h2', {}, 'No events match'),
    el('p', {}, narrowed
      ? 'Try a wider time range or fewer filters.'
      : 'Values of fields are matched whole and with their case; words in quotes are found anywhere in an event.'));
}

/**
 * @param {unknown} error
 * @param {Record<string, string>} asked the parameters of the request
 * @param {() => void} retry
 */
export function showError(error, asked, retry) {
  if (error instanceof OfflineError) {
    show(
      el('h2', {}, 'The server does not answer'),
      el('p', {}, 'It may have been stopped. The results below, if any, are those of the last answer.'),
      el('button', { type: 'button', onclick: retry }, 'Try again'));
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof ApiError ? error.detail : {};
  const source = asked[detail.parameter ?? ''];
  const place = source && detail.at ? [caret(source, detail.at)] : [];
  show(el('h2', {}, 'That cannot be searched'), el('p', { class: 'error-text' }, message), ...place);
}

/**
 * The line of `source` with the mistake, and carets below it.
 * @param {string} source
 * @param {{begin: number, end: number}} at in bytes of UTF-8
 */
function caret(source, at) {
  const bytes = new TextEncoder().encode(source);
  const decoder = new TextDecoder();
  const before = decoder.decode(bytes.slice(0, at.begin));
  const wrong = decoder.decode(bytes.slice(at.begin, at.end));
  const lineBegin = before.lastIndexOf('\n') + 1;
  const lineEnd = source.indexOf('\n', before.length);
  const line = source.slice(lineBegin, lineEnd < 0 ? undefined : lineEnd);
  const width = Math.max(1, Math.min(wrong.length, line.length - (before.length - lineBegin)));
  const indent = plain(before.slice(lineBegin)).length;
  return el('pre', { class: 'caret' }, `${plain(line)}\n${' '.repeat(indent)}${'^'.repeat(width)}`);
}
