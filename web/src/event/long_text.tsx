import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';

const kShown = 1500;

/** Text of the data, of which the beginning is shown when it is long. */
export function LongText({ text }: { text: string }): VNode {
  const [all, setAll] = useState(false);
  if (all || text.length <= kShown) return <Visible text={text} />;
  return (
    <>
      <Visible text={text.slice(0, kShown)} />…{' '}
      <button type="button" onClick={() => setAll(true)}>
        All {countText(text.length)} characters
      </button>
    </>
  );
}
