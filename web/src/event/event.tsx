import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import * as api from '../api/calls';
import type { Hit } from '../api/types';
import { Around } from '../around/around';
import { ask } from '../state/ask';
import { encodeAsk } from '../state/url_codec';
import { timeText } from '../time/zone';
import { useAnswer } from '../ui/answer';
import { AskLink } from '../ui/ask_link';
import { IconButton, Segmented } from '../ui/buttons';
import { copy } from '../ui/toast';
import { Visible } from '../ui/visible_text';
import './event.css';
import { FieldsView } from './fields_view';
import { treeOf, type Node } from './json_tree';
import { JsonView } from './json_view';
import { OtherAccounts } from './other_accounts';
import { RawView } from './raw_view';
import { openedSession, sessionOf } from './sessions_of';
import { summaryOf, type FieldText } from './summary';
import { targetOfRecord } from './target';

type Tab = 'fields' | 'json' | 'raw' | 'around';

interface Loaded {
  record: string;
  hit: Hit | undefined;
}

/** All of one event: what happened, in a sentence; its values, each a filter; its bytes; and what is around it. */
export function EventDetail({ id, onClose }: { id: string; onClose: () => void }): VNode {
  const { answer: loaded, problem } = useAnswer<Loaded>(id, async signal => {
    const [record, hit] = await Promise.all([api.record(id, signal), api.event(id, signal)]);
    return { record, hit };
  });
  return (
    <section class="event-detail" aria-label="Open event">
      {problem && (
        <p class="failure-text" role="alert">
          <Visible text={problem} /> <IconButton icon="close" label="Close the event" onClick={onClose} />
        </p>
      )}
      {!problem && !loaded && <p class="awaited">Loading…</p>}
      <OtherAccounts id={id} hit={loaded?.hit} />
      {loaded && <Content id={id} {...loaded} onClose={onClose} />}
    </section>
  );
}

/** The fields of a hit by name. */
function fieldsOf(hit: Hit | undefined, tree: Node | undefined): FieldText {
  return name => {
    if (name === 'target') return targetOfRecord(tree);
    const value = hit?.fields[name];
    return (typeof value === 'string' ? value : value?.[0]) ?? '';
  };
}

const kTabs = [
  { value: 'fields', content: 'Fields' },
  { value: 'json', content: 'JSON' },
  { value: 'raw', content: 'Raw' },
  { value: 'around', content: 'Around it' },
] as const;

function Content({ id, record, hit, onClose }: Loaded & { id: string; onClose: () => void }): VNode {
  const [tab, setTab] = useState<Tab>('fields');
  const tree = useMemo(() => treeOf(record), [record]);
  const field = fieldsOf(hit, tree);
  return (
    <>
      <div class="event-head">
        <p class="event-sentence">
          {summaryOf(field).map(({ text, strong, tone }) =>
            strong ? (
              <b class={tone}>
                <Visible text={text} />
              </b>
            ) : (
              <Visible text={text} />
            ),
          )}
        </p>
        <IconButton icon="link" label="Copy a link to this event" onClick={() => void copyLink(id)} />
        <IconButton icon="close" label="Close the event" onClick={onClose} />
      </div>
      <div class="event-bar">
        <Segmented label="How the event is shown" chosen={tab} onChoose={setTab} choices={kTabs} />
        {hit && <time dateTime={hit.time}>{timeText(hit.time, ask.value.zone)}</time>}
        <Elsewhere id={id} field={field} />
        <IconButton icon="copy" label="Copy the record" onClick={() => void copy(record, 'the record')} />
      </div>
      {tab === 'fields' && (tree ? <FieldsView tree={tree} /> : <NoTree />)}
      {tab === 'json' && (tree ? <JsonView tree={tree} /> : <NoTree />)}
      {tab === 'raw' && <RawView id={id} record={record} field={field} />}
      {tab === 'around' && hit && <Around hit={hit} />}
    </>
  );
}

function NoTree(): VNode {
  return <p>The record cannot be taken apart. It is in “Raw” as it was delivered.</p>;
}

/** Where more is told of what the event is part of. */
function Elsewhere({ id, field }: { id: string; field: FieldText }): VNode {
  const session = sessionOf(field);
  const opened = openedSession(id, field);
  const resource = field('resources_arn') || field('target');
  return (
    <span class="event-links">
      {session && <AskLink to={{ view: 'session', session, event: '' }}>Its session</AskLink>}
      {opened && (
        <AskLink to={{ view: 'session', session: opened, event: '' }}>The session it opened</AskLink>
      )}
      {resource && <AskLink to={{ view: 'resource', resource, event: '' }}>Life of its target</AskLink>}
    </span>
  );
}

function copyLink(id: string): Promise<void> {
  return copy(new URL(encodeAsk({ ...ask.value, event: id }), location.href).href, 'the link');
}
