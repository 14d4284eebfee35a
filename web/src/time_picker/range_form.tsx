import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask } from '../state/ask';
import { chooseRange } from '../state/asked_range';
import { boundIn, boundsOf, spanIn } from '../time/range';
import { timeText } from '../time/zone';

/** A bound as it is edited: a moment as clocks of the zone show it. */
function shownBound(bound: string, zone: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(bound) ? timeText(bound, zone) : bound;
}

/** Both bounds, in any notation; two times that are pasted into one fill both. */
export function RangeForm({ close }: { close: () => void }): VNode {
  const { zone } = ask.value;
  const from = useSignal(shownBound(ask.value.from, zone));
  const to = useSignal(shownBound(ask.value.to, zone));
  const problem = useSignal('');
  const paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text') ?? '';
    const span = spanIn(text, zone, Date.now());
    if (!span) return;
    const { from: begin, to: end } = boundsOf(span);
    event.preventDefault();
    from.value = shownBound(begin, zone);
    to.value = shownBound(end, zone);
  };
  const apply = (event: Event): void => {
    event.preventDefault();
    const [begin, end] = [from, to].map(one => boundIn(one.value, zone, Date.now()));
    if (begin === undefined || end === undefined) {
      const wrong = begin === undefined ? from.value : to.value;
      problem.value = `Expected a time such as 2021-07-29 12:00 or now-24h, got '${wrong}'`;
      return;
    }
    chooseRange({ from: begin, to: end });
    close();
  };
  const bound = (label: string, one: typeof from, absent: string): VNode => (
    <label>
      {label}
      <input
        value={one.value}
        placeholder={absent}
        spellcheck={false}
        onPaste={paste}
        onInput={event => {
          one.value = event.currentTarget.value;
          problem.value = '';
        }}
      />
    </label>
  );
  return (
    <form class="range-bounds" autocomplete="off" onSubmit={apply}>
      {bound('From', from, 'oldest')}
      {bound('To', to, 'newest')}
      <p class={problem.value ? 'failure-text' : 'hint'} role={problem.value ? 'alert' : undefined}>
        {problem.value || `Any notation: 2021-07-29 12:00 (${zone}), now-24h, 1627602806, a line of a log`}
      </p>
      <button type="submit" class="primary">
        Apply
      </button>
    </form>
  );
}
