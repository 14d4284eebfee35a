// @ts-check
import { byId, el, grouped, shortTime, svg } from './dom.js';

const HEIGHT = 100;

/** @param {number} ms */
function widthText(ms) {
  /** @type {[string, number][]} */
  const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1000]];
  for (const [name, size] of units) {
    if (ms % size === 0) return ms === size ? `1 ${name}` : `${grouped(ms / size)} ${name}s`;
  }
  return `${grouped(ms)} ms`;
}

/** @param {number} count */
function eventsText(count) {
  return count === 1 ? '1 event' : `${grouped(count)} events`;
}

/**
 * Bars of hits by time. A click on one narrows the time range to it.
 * @param {import('./api.js').Answer['histogram']} histogram
 * @param {(from: string, to: string) => void} onRange
 */
export function showHistogram(histogram, onRange) {
  const section = byId('histogram');
  section.hidden = !histogram || histogram.buckets.length === 0;
  section.replaceChildren();
  if (!histogram || section.hidden) return;
  const { buckets } = histogram;
  const width = histogram['interval-ms'];
  const most = Math.max(...buckets.map((bucket) => bucket.count));
  const bars = buckets.map((bucket, i) => bar(bucket, i, most, width, onRange));
  const last = new Date(Date.parse(buckets[buckets.length - 1].value) + width);
  section.append(
    el('p', { class: 'histogram-scale' }, `a bar is ${widthText(width)}; the highest has ${eventsText(most)}`),
    svg('svg', { viewBox: `0 0 ${buckets.length} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': `${buckets.length} bars from ${buckets[0].value} on` }, ...bars),
    el('p', { class: 'histogram-ends' },
      el('span', {}, shortTime(buckets[0].value)),
      el('span', {}, shortTime(last.toISOString().replace('.000', '')))),
  );
}

/**
 * @param {import('./api.js').Bucket} bucket
 * @param {number} i
 * @param {number} most
 * @param {number} width
 * @param {(from: string, to: string) => void} onRange
 */
function bar(bucket, i, most, width, onRange) {
  // Few among many must still be seen.
  const height = bucket.count === 0 ? 0 : Math.max(3, (bucket.count / most) * HEIGHT);
  const end = new Date(Date.parse(bucket.value) + width).toISOString().replace('.000', '');
  return svg('g', { class: 'bar', onclick: () => onRange(bucket.value, end) },
    svg('rect', { class: 'bar-ground', x: i, y: 0, width: 1, height: HEIGHT }),
    svg('rect', { class: 'bar-count', x: i + 0.06, y: HEIGHT - height, width: 0.88, height }),
    svg('title', {}, `${shortTime(bucket.value)}: ${eventsText(bucket.count)}`));
}
