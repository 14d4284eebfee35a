import type { VNode } from 'preact';
import type { ChainLink, Opening, Session } from '../api/types';
import { ask } from '../state/ask';
import { timeText } from '../time/zone';
import { AskLink } from '../ui/ask_link';
import { Visible } from '../ui/visible_text';
import { endText, evidenceText } from './words';

/** The identities from the first one to the session, and how each is known to have opened the next. */
export function Chain({ session }: { session: Session }): VNode {
  const fromFirst = [...session.chain].reverse();
  return (
    <section aria-label="Chain of identities">
      <p class={session.end === 'origin' ? 'quiet' : 'chain-end'}>{endText(session.end)}</p>
      <ol class="chain">
        {fromFirst.map((link, at) => (
          <li key={at}>
            {link.opened_by && <Evidence link={link} openings={link.opened_by} />}
            <Identity link={link} isLast={at === fromFirst.length - 1} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Evidence({ link, openings }: { link: ChainLink; openings: readonly Opening[] }): VNode {
  return (
    <div class="evidence">
      {openings.map(({ event_id: id, event_name: name, time, by, recipient_account_id: account }) => (
        <p key={id}>
          <AskLink to={{ view: 'search', session: '', event: id }}>
            <Visible text={name} />
          </AskLink>{' '}
          <time dateTime={time}>{timeText(time, ask.value.zone)}</time>
          {account && (
            <>
              {' '}
              in <Visible text={account} />
            </>
          )}
          {link.ambiguous && by.actor && (
            <>
              {' '}
              by <Visible text={by.actor} />
            </>
          )}
        </p>
      ))}
      <p class="quiet">
        <b class={`confidence ${link.confidence ?? ''}`}>{link.confidence}</b>: {evidenceText(link.evidence)}
      </p>
    </div>
  );
}

const kFacts = [
  ['account', 'account_id'],
  ['access key', 'access_key_id'],
  ['source identity', 'source_identity'],
  ['by service', 'invoked_by'],
] as const;

function Identity({ link, isLast }: { link: ChainLink; isLast: boolean }): VNode {
  const name = link.actor ?? link.arn ?? link.principal_id ?? 'unknown';
  const id = link.access_key_id?.startsWith('ASIA') ? link.access_key_id : (link.principal_id ?? link.arn);
  return (
    <div class={`identity ${isLast ? 'is-this' : ''}`} aria-current={isLast || undefined}>
      <b>
        {link.session && !isLast && id ? (
          <AskLink to={{ view: 'session', session: id }}>
            <Visible text={name} />
          </AskLink>
        ) : (
          <Visible text={name} />
        )}
      </b>
      <span class="quiet"> {link.type && <Visible text={link.type} />}</span>
      {link.arn && link.arn !== name && (
        <p class="subject-id">
          <Visible text={link.arn} />
        </p>
      )}
      <p class="quiet">
        {kFacts.map(([label, member]) =>
          link[member] ? (
            <span key={member} class="identity-fact">
              {label} <Visible text={link[member]} />
            </span>
          ) : null,
        )}
        {link.created && (
          <span class="identity-fact">
            since <time dateTime={link.created}>{timeText(link.created, ask.value.zone)}</time>
          </span>
        )}
      </p>
    </div>
  );
}
