import type { ComponentChildren, VNode } from 'preact';
import { ask, change } from '../state/ask';
import type { Ask } from '../state/ask_shape';
import { encodeAsk } from '../state/url_codec';

interface AskLinkProps {
  /** What differs from what is asked now. */
  to: Partial<Ask>;
  class?: string;
  title?: string;
  /** What it is called, where its content does not say it. */
  label?: string;
  tabIndex?: number;
  /** Whether it leads to the page that is shown. */
  isCurrent?: boolean;
  children: ComponentChildren;
}

/** A link to another state of the page; in a new tab as well. */
export function AskLink({
  to,
  class: name,
  title,
  label,
  tabIndex,
  isCurrent = false,
  children,
}: AskLinkProps): VNode {
  const href = encodeAsk({ ...ask.value, ...to }) || '/';
  return (
    <a
      href={href}
      class={name}
      title={title}
      aria-label={label}
      tabIndex={tabIndex}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={event => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        change(to);
      }}
    >
      {children}
    </a>
  );
}

/** The patch of a search for this query alone. */
export function searchFor(q: string, from = '', to = ''): Partial<Ask> {
  return { view: 'search', q, syntax: 'kql', off: [], from, to, event: '', session: '', resource: '' };
}
