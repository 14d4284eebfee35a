import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { kDeliveryStates, type DeliveryState, type Status } from '../api/types';
import { ask, change } from '../state/ask';
import { loadStatus, status } from '../state/status';
import { reasonsBehind } from '../states/behind';
import { timeText } from '../time/zone';
import { bytesText, durationText } from '../ui/amount';
import { Segmented } from '../ui/buttons';
import { countText } from '../ui/count';
import { Figure } from '../ui/figure';
import { Visible } from '../ui/visible_text';
import { AccountingLine } from './accounting';
import { DeliveryList } from './deliveries';
import './ingest.css';
import { QuarantineList } from './quarantine';
import { SourcesPanel } from './sources';

/** How events come in: what arrived, what became of it, what is wrong. */
export function Ingest(): VNode {
  const state = useSignal<DeliveryState | ''>('');
  useEffect(() => void loadStatus().catch(() => undefined), []);
  return (
    <main class="page-view" id="ingest">
      <header class="page-head">
        <h1>Ingest</h1>
        <button type="button" onClick={() => change({ view: 'search' })}>
          Back to the search
        </button>
      </header>
      {status.value && <Summary status={status.value} />}
      {status.value?.sources && <SourcesPanel sources={status.value.sources} />}
      <section class="panel" aria-labelledby="deliveries-title">
        <h2 id="deliveries-title">Deliveries</h2>
        <Segmented
          label="State of deliveries"
          choices={(['', ...kDeliveryStates] as const).map(value => ({
            value,
            content: (
              <>
                {value || 'all'} <span class="count">{countText(countOf(status.value, value))}</span>
              </>
            ),
          }))}
          chosen={state.value}
          onChoose={value => (state.value = value)}
        />
        <DeliveryList state={state.value} />
      </section>
      <QuarantineList />
    </main>
  );
}

function countOf(held: Status | undefined, state: DeliveryState | ''): number {
  const states = held?.deliveries.states;
  if (!states) return 0;
  return state ? states[state] : Object.values(states).reduce((sum, count) => sum + count, 0);
}

function Summary({ status: held }: { status: Status }): VNode {
  const { zone } = ask.value;
  const reasons = reasonsBehind(held);
  const { event_lag_ms: eventLag, delivery_lag_ms: deliveryLag } = held.sources ?? {};
  const span =
    held.oldest && held.newest ? `${timeText(held.oldest, zone)} – ${timeText(held.newest, zone)}` : 'none';
  return (
    <section class="panel" aria-label="Summary">
      {reasons.length > 0 && (
        <p class="badge denied">
          <Visible text={`Behind: ${reasons.join('; ')}`} />
        </p>
      )}
      <dl class="figures">
        <Figure name="Events" text={countText(held.events)} />
        <Figure name="From – to" text={span} />
        <Figure name="Store" text={`${bytesText(held.bytes.total)} in ${held.segments} segments`} />
        {eventLag !== undefined && <Figure name="Newest event until found" text={durationText(eventLag)} />}
        {deliveryLag !== undefined && <Figure name="Arrival until found" text={durationText(deliveryLag)} />}
        <Figure name="Server" text={`${held.version}, up ${durationText(held.uptime_seconds * 1000)}`} />
      </dl>
      {held.deliveries.totals && <AccountingLine totals={held.deliveries.totals} />}
    </section>
  );
}
