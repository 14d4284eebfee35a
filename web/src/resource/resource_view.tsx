import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import * as api from '../api/calls';
import type { SearchAnswer } from '../api/types';
import { leavesOf } from '../event/leaves';
import { inQuotes } from '../query_text/quoting';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { useAnswer } from '../ui/answer';
import { Awaited } from '../ui/awaited';
import { AskLink, searchFor } from '../ui/ask_link';
import { countText } from '../ui/count';
import { Visible } from '../ui/visible_text';
import { lifeOf, plainName, type Change, type LifeEvent, type Parameter } from './life';
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
  const { answer, problem } = useAnswer(q, signal =>
    api.search({ q, sort: ['event_time asc'], columns: kColumns, size: kSize }, signal),
  );
  return (
    <main class="resource" aria-busy={!answer && !problem}>
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
      <Awaited problem={problem} isThere={answer !== undefined} text="Loading…" />
      {answer && <Life answer={answer} resource={resource} />}
    </main>
  );
}

const kPrefix = 'requestParameters';

function parametersOf(raw: string): Parameter[] {
  return leavesOf(raw)
    .filter(({ path }) => path[0] === kPrefix && path.length > 1)
    .map(({ path, value }) => ({ path: path.slice(1).join('.'), value }));
}

function Life({ answer, resource }: { answer: SearchAnswer; resource: string }): VNode {
  const events = answer.hits.map(hit => {
    const raw = hit.fields['raw'] ?? '';
    return { hit, parameters: parametersOf(typeof raw === 'string' ? raw : (raw[0] ?? '')) };
  });
  return (
    <section aria-label="Life">
      <p role="status">
        <b>{countText(events.length)}</b> of <b>{countText(answer.total)}</b> changes, oldest first
      </p>
      <ol class="life">
        {lifeOf(events, resource).map(event => (
          <Event key={event.hit.id} event={event} />
        ))}
      </ol>
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
