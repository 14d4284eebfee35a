import type { VNode } from 'preact';
import { Visible } from '../ui/visible_text';

/** Text of several lines for another program, to be read before it is copied. */
export function CodeText({ label, text }: { label: string; text: string }): VNode {
  return (
    <pre class="code-text" tabIndex={0} aria-label={label}>
      {text.split('\n').map((line, at) => (
        <div key={at}>
          <Visible text={line} />
        </div>
      ))}
    </pre>
  );
}
