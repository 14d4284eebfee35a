import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Hit, Session } from '../api/types';
import { ask } from '../state/ask';
import { labelOf } from '../state/fields';
import { cellContent, cellTitle, OutcomeSign } from '../table/cell';
import { outcomeOf } from '../table/outcome';
import { timeText } from '../time/zone';
import { durationText } from '../ui/amount';
import { AskLink } from '../ui/ask_link';
import { countText } from '../ui/count';

const kShown = [
  'event_name',
  'event_source',
  'resources_arn',
  'recipient_account_id',
  'aws_region',
  'source_ip_address',
  'error_code',
];

/** What the timeline needs of each event. */
export const kTimelineColumns = [...kShown, 'event_outcome', 'error_message'];

/** All that was done in a session, oldest first. */
export function Timeline({ session, onMore }: { session: Session; onMore: () => void }): VNode {
  const [onlyErrors, setOnlyErrors] = useState(false);
  const { hits, total, cursor } = session;
  const shown = hits.map((hit, at) => ({ hit, before: hits[at - 1] }));
  const chosen = onlyErrors ? shown.filter(({ hit }) => outcomeOf(hit) !== 'ok') : shown;
  return (
    <section aria-label="What was done">
      <h2>What was done</h2>
      <p class="timeline-tools">
        <span role="status">
          <b>{countText(hits.length)}</b> of <b>{countText(total)}</b> loaded
        </span>
        <label>
          <input
            type="checkbox"
            checked={onlyErrors}
            onChange={event => setOnlyErrors(event.currentTarget.checked)}
          />{' '}
          Only errors
        </label>
      </p>
      <div class="timeline-scroll" tabIndex={0} role="group" aria-label="Events of the session">
        <table class="timeline">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">After</th>
              {kShown.map(name => (
                <th scope="col" key={name}>
                  {labelOf(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {chosen.map(({ hit, before }) => (
              <Entry key={hit.id} hit={hit} before={before} />
            ))}
          </tbody>
        </table>
      </div>
      {cursor && hits.length < total && (
        <p class="more">
          <button type="button" onClick={onMore}>
            Load more
          </button>
        </p>
      )}
    </section>
  );
}

function Entry({ hit, before }: { hit: Hit; before: Hit | undefined }): VNode {
  const { zone } = ask.value;
  const outcome = outcomeOf(hit);
  const after = before && Date.parse(hit.time) - Date.parse(before.time);
  return (
    <tr class={outcome === 'ok' ? '' : `failed ${outcome}`}>
      <td>
        <OutcomeSign outcome={outcome} />
        <AskLink to={{ view: 'search', session: '', resource: '', event: hit.id }}>
          <time dateTime={hit.time}>{timeText(hit.time, zone)}</time>
        </AskLink>
      </td>
      <td class="number quiet">{after ? `+${durationText(after)}` : ''}</td>
      {kShown.map(name => (
        <td key={name} title={cellTitle(hit, name, zone)}>
          {cellContent(hit, name, zone)}
        </td>
      ))}
    </tr>
  );
}
