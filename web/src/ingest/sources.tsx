import type { VNode } from 'preact';
import type { Queue, Sources } from '../api/types';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { bytesText } from '../ui/amount';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';

/** Where events come from, since the server was started. */
export function SourcesPanel({ sources }: { sources: Sources }): VNode {
  const { push, queues, last_error: error } = sources;
  return (
    <section class="panel" aria-labelledby="sources-title">
      <h2 id="sources-title">Sources since the start</h2>
      <p>
        <b>{countText(sources.received)}</b> messages = <b>{countText(sources.done)}</b> done +{' '}
        <b>{countText(sources.failed)}</b> failed, to come again + <b>{countText(sources.in_hand)}</b> in hand
        <span class="quiet">
          {' '}
          · {bytesText(sources.bytes)} · {countText(sources.refused)} refused for want of room
        </span>
      </p>
      {push.length > 0 && (
        <p>
          Open to be pushed to: <Visible text={push.join(', ')} />
        </p>
      )}
      {error && (
        <p>
          <span class="badge error">! last error</span> <Visible text={error.message} />{' '}
          {error.at && <time class="quiet">{timeText(error.at, ask.value.zone)}</time>}
        </p>
      )}
      {queues.length > 0 && <Queues queues={queues} />}
    </section>
  );
}

function Queues({ queues }: { queues: Queue[] }): VNode {
  const { zone } = ask.value;
  const when = (time: string | undefined): string => (time ? timeText(time, zone) : 'never');
  return (
    <div class="list-scroll" role="region" aria-label="Queues" tabIndex={0}>
      <table class="list">
        <thead>
          <tr>
            {['Queue', 'Received', 'Deleted', 'Failed', 'In flight', 'Asked', 'Received last', 'State'].map(
              name => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {queues.map(queue => (
            <tr key={queue.queue}>
              <th scope="row">
                <Visible text={queue.queue} />
              </th>
              <td class="number">{countText(queue.received)}</td>
              <td class="number">{countText(queue.deleted)}</td>
              <td class="number">{countText(queue.failed)}</td>
              <td class="number">{countText(queue.in_flight)}</td>
              <td>{when(queue.last_polled_at)}</td>
              <td>{when(queue.last_received_at)}</td>
              <td>
                {queue.error ? (
                  <span class="badge error">
                    ! <Visible text={typeof queue.error === 'string' ? queue.error : queue.error.message} />
                  </span>
                ) : (
                  <span class="quiet">ok</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
