import type { VNode } from 'preact';
import { explaining } from '../state/dialogs';
import { IconButton } from '../ui/buttons';
import { Explain } from './explain';

/** The same for a query that has hits: which condition narrows most. */
export function ExplainPanel(): VNode {
  return (
    <section class="explain-panel" aria-label="Explanation of the query">
      <header>
        <h2>What each condition does</h2>
        <IconButton icon="close" label="Close the explanation" onClick={() => (explaining.value = false)} />
      </header>
      <Explain />
    </section>
  );
}
