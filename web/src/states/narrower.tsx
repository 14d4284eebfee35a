import type { VNode } from 'preact';
import { change } from '../state/ask';

const kShorterRanges = [
  ['now-1h', 'the last hour'],
  ['now-24h', 'the last 24 hours'],
  ['now-7d', 'the last 7 days'],
] as const;

/** What can be searched in less time. */
export function Narrower(): VNode {
  return (
    <p class="actions">
      Search only
      {kShorterRanges.map(([from, text]) => (
        <button type="button" key={from} onClick={() => change({ from, to: '' })}>
          {text}
        </button>
      ))}
    </p>
  );
}
