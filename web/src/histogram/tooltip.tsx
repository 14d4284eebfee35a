import type { VNode } from 'preact';

/** What the bar under the pointer, or under the cursor of the keyboard, says. Readers hear it from the chart itself. */
export function Tooltip({ text, at, width }: { text: string; at: number; width: number }): VNode {
  const side = at > width / 2 ? { right: `${width - at}px` } : { left: `${at}px` };
  return (
    <div class="chart-tooltip" aria-hidden="true" style={side}>
      {text}
    </div>
  );
}
