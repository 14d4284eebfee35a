import type { VNode } from 'preact';
import type { Syntax } from '../state/ask';

const kTips: Readonly<Record<Syntax, readonly (readonly [string, string])[]>> = {
  kql: [
    ['i-0abc1234def567890', 'any word, anywhere in an event'],
    ['event_name:Create* and not event_name:CreateLogStream', 'calls that create'],
    ['actor_type:human and read_only:false', 'what people changed'],
    ['error_code:(AccessDenied or Client.UnauthorizedOperation)', 'what was denied'],
    ['source_ip_address:198.51.100.0/24', 'from a network'],
    ['requestParameters.bucketName:my-bucket', 'any value of a record, by its path'],
  ],
  structured: [
    ["'i-0abc1234def567890'", 'any word, anywhere in an event'],
    ["(and (prefix field=event_name 'Create') (not event_name:'CreateLogStream'))", 'calls that create'],
    ["(and actor_type:'human' read_only:'false')", 'what people changed'],
    ['error_code:{,}', 'what failed'],
    ["event_time:['2021-07-29T00:00:00Z',}", 'since a moment'],
  ],
};

/** What can be asked, below the empty bar. */
export function Tips({ syntax, onChoose }: { syntax: Syntax; onChoose: (query: string) => void }): VNode {
  return (
    <ul class="popup tips" aria-label="Examples">
      {kTips[syntax].map(([query, meaning]) => (
        <li key={query}>
          <button type="button" onMouseDown={event => event.preventDefault()} onClick={() => onChoose(query)}>
            <code>{query}</code> <span class="quiet">{meaning}</span>
          </button>
        </li>
      ))}
      <li class="hint">Enter runs, ↑ brings back earlier queries, Ctrl-Space completes, / comes here</li>
    </ul>
  );
}
