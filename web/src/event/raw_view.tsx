import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import * as api from '../api/calls';
import type { Delivery } from '../api/types';
import { valuesClause } from '../query_text/clauses';
import { ask } from '../state/ask';
import { targetOf } from '../state/fields';
import { timeText } from '../time/zone';
import { AskLink, searchFor } from '../ui/ask_link';
import { countText } from '../ui/count';
import { copy } from '../ui/toast';
import { Visible } from '../ui/visible_text';
import type { FieldText } from './summary';

/** The bytes as they were delivered, and how they came. */
export function RawView({ id, record, field }: { id: string; record: string; field: FieldText }): VNode {
  const file = field('log_file');
  const bytes = new TextEncoder().encode(record).length;
  return (
    <>
      <dl class="facts">
        <Fact name="File">
          {file ? (
            <>
              <Visible text={file} />{' '}
              <AskLink to={searchFor(valuesClause(targetOf('log_file'), [file]))}>Its events</AskLink>
            </>
          ) : (
            'not known'
          )}
        </Fact>
        <Fact name="Integrity">
          <Integrity state={field('integrity')} />
        </Fact>
        <Fact name="Delivery">{file ? <DeliveryOf file={file} /> : 'not known'}</Fact>
        <Fact name="Record">
          {countText(bytes)} bytes{' '}
          <button type="button" onClick={() => void copy(record, 'the record')}>
            Copy
          </button>{' '}
          <a href={api.recordPath(id)} target="_blank" rel="noreferrer">
            Open alone
          </a>
        </Fact>
      </dl>
      <pre class="record" tabIndex={0} aria-label="The record as delivered">
        <Visible text={record} />
      </pre>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const kIntegrity = new Map(
  Object.entries({
    verified: '✓ verified: the file is the one that CloudTrail signed',
    unverified: 'not verified: no digest was read that names the file',
    missing: '! missing: a digest names the file, and it is not where it should be',
    tampered: '✗ tampered: the file is not the one that CloudTrail signed',
  }),
);

function Integrity({ state }: { state: string }): VNode {
  const isBad = state === 'tampered' || state === 'missing';
  return <span class={isBad ? 'failure-text' : ''}>{kIntegrity.get(state) ?? 'not known'}</span>;
}

function DeliveryOf({ file }: { file: string }): VNode {
  const [found, setFound] = useState<Delivery | undefined | 'none'>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    api
      .deliveriesOf(file, stop.signal)
      .then(({ deliveries }) => setFound(deliveries.find(one => one.object === file) ?? 'none'))
      .catch(() => setFound('none'));
    return () => stop.abort();
  }, [file]);
  if (found === undefined) return <span class="quiet">…</span>;
  const link = <AskLink to={{ view: 'ingest', event: '' }}>Deliveries</AskLink>;
  if (found === 'none') return <>not in the ledger. {link}</>;
  return (
    <>
      <Visible text={found.state} /> {timeText(found.received, ask.value.zone)}: {countText(found.read)} read,{' '}
      {countText(found.indexed)} indexed, {countText(found.duplicates)} duplicates,{' '}
      {countText(found.rejected)} rejected. {link}
    </>
  );
}
