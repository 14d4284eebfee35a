// @ts-check
// Everything that the page shows goes through here. Log data is written by attackers: it becomes
// text nodes, never markup, and characters that would hide or reorder text become visible.

const HIDDEN =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** @param {string} character */
function codePoint(character) {
  return 'U+' + /** @type {number} */ (character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0');
}

/**
 * Text for places that take no elements: titles, attributes.
 * @param {string} text
 */
export function plain(text) {
  return text.replace(HIDDEN, (character) => `[${codePoint(character)}]`);
}

/**
 * Appends text, with hidden characters as small labelled marks.
 * @param {Node} parent
 * @param {string} text
 */
export function appendText(parent, text) {
  let begin = 0;
  for (const match of text.matchAll(HIDDEN)) {
    parent.appendChild(document.createTextNode(text.slice(begin, match.index)));
    const mark = document.createElement('span');
    mark.className = 'hidden-character';
    mark.textContent = codePoint(match[0]);
    parent.appendChild(mark);
    begin = match.index + match[0].length;
  }
  parent.appendChild(document.createTextNode(text.slice(begin)));
}

/**
 * An element. Attribute values must not come from log data, except `title` through plain().
 * @param {string} tag
 * @param {Record<string, string | number | boolean | EventListener>} attributes
 *     `on…` are listeners; true is an empty attribute and false none.
 * @param {...(Node | string)} children strings become text
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * The same in SVG.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | EventListener>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, attributes, children);
  return /** @type {SVGElement} */ (element);
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean | EventListener>} attributes
 * @param {(Node | string)[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children) {
    if (typeof child === 'string') {
      appendText(element, child);
    } else {
      element.appendChild(child);
    }
  }
}

/**
 * The element of index.html with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element;
}

/** @param {number} count */
export function grouped(count) {
  return count.toLocaleString('en-US');
}

/**
 * "2021-07-29T23:53:26Z" as "2021-07-29 23:53:26".
 * @param {string} time
 */
export function shortTime(time) {
  return time.replace('T', ' ').replace('Z', '');
}
