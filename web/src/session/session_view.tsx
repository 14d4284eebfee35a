import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import * as api from '../api/calls';
import { wordsOf } from '../api/client';
import type { Facet, Issued, Session } from '../api/types';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { durationText } from '../ui/amount';
import { useAnswer, type Answered } from '../ui/answer';
import { AskLink, searchFor } from '../ui/ask_link';
import { Awaited } from '../ui/awaited';
import { countText } from '../ui/count';
import { Figure } from '../ui/figure';
import { Visible } from '../ui/visible_text';
import { Chain } from './chain';
import './session.css';
import { kTimelineColumns, Timeline } from './timeline';
import { personOf, personQuery, sessionQuery } from './words';

const kPage = 200;

interface Loaded extends Answered<Session> {
  /** Asks for the events behind those that are there. */
  loadMore: () => void;
}

/** A session with all of its events that were fetched until now. */
function useSession(id: string, created: string | undefined): Loaded {
  const question = { created, columns: kTimelineColumns.join(','), size: kPage };
  const { answer: first, problem } = useAnswer(JSON.stringify([id, created]), signal =>
    api.session(id, question, signal),
  );
  const [longer, setLonger] = useState<{ first: Session; all: Session; problem: string }>();
  const isAsking = useRef(false);
  const now = longer && longer.first === first ? longer : first && { first, all: first, problem };
  const loadMore = (): void => {
    if (!now || isAsking.current) return;
    isAsking.current = true;
    api
      .session(id, { ...question, cursor: now.all.cursor })
      .then(more => ({ ...more, hits: [...now.all.hits, ...more.hits] }))
      .then(
        all => setLonger({ ...now, all, problem: '' }),
        (error: unknown) => setLonger({ ...now, problem: wordsOf(error) }),
      )
      .finally(() => (isAsking.current = false));
  };
  return { answer: now?.all, problem: now?.problem ?? problem, loadMore };
}

/** Who opened a session, back to the first identity, and all that was done in it. */
export function SessionView(): VNode {
  const id = ask.value.session;
  const [chosen, setChosen] = useState<{ id: string; created: string } | undefined>(undefined);
  const {
    answer: session,
    problem,
    loadMore,
  } = useSession(id, chosen?.id === id ? chosen.created : undefined);
  return (
    <main class="session" aria-busy={!session && !problem}>
      <header class="subject-head">
        <p class="quiet">Session</p>
        <h1>
          <Visible text={session?.chain[0]?.actor ?? id} />
        </h1>
        <p class="subject-id">
          <Visible text={id} />
        </p>
        <AskLink to={{ view: 'search', session: '' }}>Back to the search</AskLink>
      </header>
      <Awaited problem={problem} isThere={session !== undefined} text="Tracing…" />
      {session && (
        <>
          <Chain session={session} />
          <Others session={session} onChoose={created => setChosen({ id, created })} />
          <Figures session={session} />
          <Children session={session} />
          <Timeline session={session} onMore={loadMore} />
        </>
      )}
    </main>
  );
}

function Others({
  session,
  onChoose,
}: {
  session: Session;
  onChoose: (created: string) => void;
}): VNode | null {
  const others = session.others ?? [];
  if (others.length === 0) return null;
  return (
    <p class="session-others">
      Other sessions of this id began{' '}
      {others.map(created => (
        <button type="button" key={created} onClick={() => onChoose(created)}>
          {timeText(created, ask.value.zone)}
        </button>
      ))}
    </p>
  );
}

const kFacts = [
  { field: 'source_ip_address', name: 'Addresses' },
  { field: 'recipient_account_id', name: 'Accounts' },
  { field: 'aws_region', name: 'Regions' },
  { field: 'event_name', name: 'Actions' },
  { field: 'error_code', name: 'Errors' },
  { field: 'user_agent', name: 'Programs' },
] as const;

function Figures({ session }: { session: Session }): VNode {
  const { zone } = ask.value;
  const { first, last, gap_ms: gap } = session;
  const person = personOf(session.chain);
  const query = session.chain[0] ? sessionQuery(session.chain[0]) : '';
  return (
    <section aria-label="Figures">
      <dl class="figures">
        <Figure name="Events" text={countText(session.total)} />
        <Figure
          name="Errors"
          text={`${countText(session.errors)}, ${countText(session.denied)} of them denied`}
        />
        {first && <Figure name="First" text={timeText(first, zone)} />}
        {last && <Figure name="Last" text={timeText(last, zone)} />}
        {first && last && <Figure name="Span" text={durationText(Date.parse(last) - Date.parse(first))} />}
        {gap !== undefined && <Figure name="From opening to first use" text={durationText(gap)} />}
      </dl>
      <p class="session-links">
        {query && <AskLink to={searchFor(query)}>Search in these events</AskLink>}
        {person && (
          <AskLink to={searchFor(personQuery(person))}>
            All that <Visible text={person} /> did, in every role
          </AskLink>
        )}
      </p>
      <div class="session-facets">
        {kFacts.map(({ field, name }) => {
          const facet = session.facets.find(one => one.field === field);
          return facet && facet.values.length > 0 ? <Values key={field} name={name} facet={facet} /> : null;
        })}
      </div>
    </section>
  );
}

const kShownValues = 6;

function Values({ name, facet }: { name: string; facet: Facet }): VNode {
  const [all, setAll] = useState(false);
  const shown = all ? facet.values : facet.values.slice(0, kShownValues);
  return (
    <section aria-label={name}>
      <h2>
        {name} <span class="quiet">{countText(facet.distinct)}</span>
      </h2>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value}>
            <Visible text={value} /> <span class="count">{countText(count)}</span>
          </li>
        ))}
      </ul>
      {shown.length < facet.values.length && (
        <button type="button" onClick={() => setAll(true)}>
          {countText(facet.values.length - shown.length)} more
        </button>
      )}
    </section>
  );
}

function Children({ session }: { session: Session }): VNode | null {
  if (session.children.length === 0) return null;
  return (
    <section aria-label="Sessions that were opened in it">
      <h2>
        Sessions that were opened in it <span class="quiet">{countText(session.child_count)}</span>
      </h2>
      <ul class="children">
        {session.children.map(child => (
          <Child key={child.event_id} child={child} />
        ))}
      </ul>
    </section>
  );
}

function Child({ child }: { child: Issued }): VNode {
  return (
    <li>
      <time dateTime={child.time}>{timeText(child.time, ask.value.zone)}</time>{' '}
      <Visible text={child.event_name} />{' '}
      <AskLink to={{ view: 'session', session: child.access_key_id ?? child.event_id }}>
        <Visible text={child.role_arn ?? child.session_id ?? child.event_id} />
      </AskLink>{' '}
      {child.session_name && (
        <span class="quiet">
          as <Visible text={child.session_name} />
        </span>
      )}
    </li>
  );
}
