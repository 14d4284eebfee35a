import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import * as api from '../api/calls';
import type { Hit } from '../api/types';
import { leavesOf } from '../event/leaves';
import { inQuotes } from '../query_text/quoting';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { AskLink, searchFor } from '../ui/ask_link';
import { countText } from '../ui/count';
import { PageFoot } from '../ui/page_foot';
import { usePages } from '../ui/paged_list';
import { Visible } from '../ui/visible_text';
import { Life, plainName, type Change, type LifeEvent, type Parameter } from './life';
import { valueOf } from '../table/outcome';
import './resource.css';
import '../session/session.css';

const kSize = 300;
const kColumns = ['event_name', 'actor', 'event_outcome', 'error_code', 'error_message', 'raw'];

/** The query of what changed a resource, by its ARN or by the name that requests call it by. */
export function lifeQuery(resource: string, withData: boolean): string {
  const names = [...new Set([resource, plainName(resource)])].map(inQuotes);
  const words = names.length === 1 ? names[0] : `(${names.join(' or ')})`;
  return `${words} and not read_only:true${withData ? '' : ' and not event_category:Data'}`;
}

/** What was created, changed and deleted of one resource, with its parameters before and after. */
export function ResourceView(): VNode {
  const { resource } = ask.value;
  const [withData, setWithData] = useState(false);
  const q = lifeQuery(resource, withData);
  return (
    <main class="resource">
      <header class="subject-head">
        <p class="quiet">Life of</p>
        <h1>
          <Visible text={resource} />
        </h1>
        <p class="session-links">
          <AskLink to={searchFor(q)}>Search in these events</AskLink>
          <AskLink to={{ view: 'search', resource: '' }}>Back to the search</AskLink>
          <label>
            <input
              type="checkbox"
              checked={withData}
              onChange={event => setWithData(event.currentTarget.checked)}
            />{' '}
            With what was written into it
          </label>
        </p>
      </header>
      <Story key={q} q={q} resource={resource} />
    </main>
  );
}

const kPrefix = 'requestParameters';

function parametersOf(hit: Hit): Parameter[] {
  return leavesOf(valueOf(hit, 'raw'))
    .filter(({ path }) => path[0] === kPrefix && path.length > 1)
    .map(({ path, value }) => ({ path: path.slice(1).join('.'), value }));
}

/** The events that `q` finds, page by page. */
function Story({ q, resource }: { q: string; resource: string }): VNode {
  const pages = usePages<Hit>(q, async (cursor, signal) => {
    const asked = { q, sort: ['event_time asc'], columns: kColumns, size: kSize, ...(cursor && { cursor }) };
    const { hits, total, cursor: next } = await api.search(asked, signal);
    return { rows: hits, total, cursor: next };
  });
  const life = useMemo(() => new Life(resource), []);
  for (const hit of pages.rows.value.slice(life.events.length)) life.add(hit, parametersOf(hit));
  const isAwaited = pages.loading.value && life.events.length === 0;
  return (
    <section aria-label="Life" aria-busy={isAwaited}>
      {isAwaited ? (
        <p class="awaited">Loading…</p>
      ) : (
        <>
          {/* Above the events, for the keyboard would have to pass each of them. It stays in sight. */}
          <div class="life-head">
            <PageFoot pages={pages} what="changes" />
            <span class="quiet">oldest first</span>
          </div>
          <ol class="life">
            {life.events.map(event => (
              <Event key={event.hit.id} event={event} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Event({ event: { hit, stage, changes } }: { event: LifeEvent }): VNode {
  const text = (name: string): string => String(hit.fields[name] ?? '');
  return (
    <li class={`life-${stage}`}>
      <p>
        <b class="life-stage">{stage}</b>{' '}
        <AskLink to={{ view: 'search', resource: '', event: hit.id }}>
          <time dateTime={hit.time}>{timeText(hit.time, ask.value.zone)}</time>
        </AskLink>{' '}
        <Visible text={text('event_name')} /> by <Visible text={text('actor') || 'unknown'} />
        {stage === 'failed' && (
          <span class="failure-text">
            {' '}
            ! <Visible text={text('error_code') || 'failed'} />
          </span>
        )}
      </p>
      {changes.length > 0 && <Changes changes={changes} />}
    </li>
  );
}

const kShownChanges = 12;

function Changes({ changes }: { changes: readonly Change[] }): VNode {
  const [all, setAll] = useState(false);
  const shown = all ? changes : changes.slice(0, kShownChanges);
  return (
    <>
      <table class="life-changes">
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">
                <Visible text={path} />
              </th>
              <td class="life-before">{before === undefined ? '' : <Visible text={before} />}</td>
              <td>
                <Visible text={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < changes.length && (
        <button type="button" onClick={() => setAll(true)}>
          All {countText(changes.length)} parameters
        </button>
      )}
    </>
  );
}
