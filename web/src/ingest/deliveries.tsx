import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import * as api from '../api/calls';
import type { Delivery, DeliveryState } from '../api/types';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { bytesText } from '../ui/amount';
import { countText } from '../ui/count';
import { PageFoot } from '../ui/page_foot';
import { usePages } from '../ui/paged_list';
import { WholeName } from '../ui/long_name';
import { Visible, visibleString } from '../ui/visible_text';

const kHeadings = [
  'Received',
  'State',
  'Object',
  'Read',
  'Indexed',
  'Duplicates',
  'Filtered',
  'Rejected',
  'Bytes',
  'Error',
] as const;

const kCounts = new Set<string>(['Read', 'Indexed', 'Duplicates', 'Filtered', 'Rejected', 'Bytes']);

/** What arrived, newest first, and what became of it. */
export function DeliveryList({ state }: { state: DeliveryState | '' }): VNode {
  const object = useSignal('');
  const pages = usePages<Delivery>(`${state} ${object.value}`, async (cursor, signal) => {
    const page = await api.deliveries({ state, object: object.value, cursor }, signal);
    return { rows: page.deliveries, total: page.total, cursor: page.cursor };
  });
  return (
    <>
      <form
        class="actions"
        role="search"
        onSubmit={event => {
          event.preventDefault();
          object.value = String(new FormData(event.currentTarget).get('object') ?? '');
        }}
      >
        <input name="object" aria-label="Part of the object's name" placeholder="part of the object's name" />
        <button type="submit">Filter</button>
      </form>
      {pages.rows.value.length > 0 && (
        <div class="list-scroll" role="region" aria-label="List of deliveries" tabIndex={0}>
          <table class="list">
            <thead>
              <tr>
                {kHeadings.map(name => (
                  <th scope="col" key={name} class={kCounts.has(name) ? 'number' : ''}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {pages.rows.value.map((delivery, at) => (
                <Row key={`${at} ${delivery.object}`} delivery={delivery} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <PageFoot pages={pages} what="deliveries" />
    </>
  );
}

function Row({ delivery }: { delivery: Delivery }): VNode {
  const { read, indexed, duplicates, filtered, rejected } = delivery;
  return (
    <tr>
      <td>{timeText(delivery.received, ask.value.zone).replace(/\.\d+$/, '')}</td>
      <td>
        <span class={`state state-${delivery.state}`}>{delivery.state}</span>
        {delivery.attempts > 1 && <span class="quiet"> ×{delivery.attempts}</span>}
      </td>
      <td class="object" title={visibleString(`${delivery.source}: ${delivery.object}`)}>
        <WholeName name={delivery.object} />
      </td>
      {[read, indexed, duplicates, filtered, rejected].map((count, at) => (
        <td key={kHeadings[at + 3]} class={`number ${count === 0 ? 'quiet' : ''}`}>
          {countText(count)}
        </td>
      ))}
      <td class="number">{bytesText(delivery.bytes)}</td>
      <td class="wrap">{delivery.error && <Visible text={delivery.error} />}</td>
    </tr>
  );
}
