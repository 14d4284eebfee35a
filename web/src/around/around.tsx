import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import * as api from '../api/calls';
import type { Hit } from '../api/types';
import { AskLink, searchFor } from '../ui/ask_link';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';
import { aroundLinks, type AroundLink } from './links';

/** What else there is of the same actor, session, resource, address and request, and at that time. */
export function Around({ hit }: { hit: Hit }): VNode {
  const links = useMemo(() => aroundLinks(hit), [hit]);
  const counts = useCounts(links);
  return (
    <ul class="around">
      {links.map((link, at) => (
        <li key={at}>
          <span class="around-label">{link.label}</span>
          <AskLink to={searchFor(link.which.q, link.which.from, link.which.to)}>
            <Visible text={link.value} />
          </AskLink>
          <span class="count">{counts[at] === undefined ? '…' : countText(counts[at])}</span>
        </li>
      ))}
    </ul>
  );
}

/** The counts of the links, one asked for after the other. Those that cannot be had stay unknown. */
function useCounts(links: readonly AroundLink[]): readonly (number | undefined)[] {
  const [counts, setCounts] = useState<readonly (number | undefined)[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    setCounts([]);
    void (async () => {
      for (const [at, { which }] of links.entries()) {
        const count = await api.count(which, stop.signal).catch(() => undefined);
        if (stop.signal.aborted) return;
        setCounts(before => Object.assign([...before], { [at]: count }));
      }
    })();
    return () => stop.abort();
  }, [links]);
  return counts;
}
