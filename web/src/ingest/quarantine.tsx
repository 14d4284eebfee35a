import { useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import * as api from '../api/calls';
import { ApiError, wordsOf } from '../api/client';
import type { QuarantineEntry, Replayed } from '../api/types';
import { ask } from '../state/ask';
import { loadStatus } from '../state/status';
import { timeText } from '../time/zone';
import { bytesText } from '../ui/amount';
import { PageFoot } from '../ui/page_foot';
import { usePages } from '../ui/paged_list';
import { Visible, visibleString } from '../ui/visible_text';
import { Confirmed } from '../ui/confirmed';

/** What changes the list: with its outcome, and the token of those who may, where one is set. */
interface Changes {
  outcome: Signal<string>;
  token: Signal<string>;
  needsToken: Signal<boolean>;
  apply: (what: 'replay' | 'drop', entries: api.Entries) => void;
}

/** What came and was not indexed, to be read, tried again or given up. */
export function QuarantineList(): VNode {
  const version = useSignal(0);
  const changes = useChanges(() => version.value++);
  const pages = usePages<QuarantineEntry>(`${version.value}`, async (cursor, signal) => {
    const page = await api.quarantine(cursor, signal);
    return { rows: page.entries, total: page.total, cursor: page.cursor };
  });
  const rows = pages.rows.value;
  return (
    <section class="panel" aria-labelledby="quarantine-title" id="quarantine">
      <h2 id="quarantine-title">Quarantine</h2>
      {rows.length === 0 && !pages.loading.value && !pages.problem.value && (
        <p class="quiet">All that came was understood.</p>
      )}
      {changes.needsToken.value && <TokenField token={changes.token} />}
      {changes.outcome.value && (
        <p role="status" class="outcome">
          <Visible text={changes.outcome.value} />
        </p>
      )}
      {rows.length > 0 && (
        <>
          <p class="actions">
            <button type="button" onClick={() => changes.apply('replay', { all: true })}>
              Replay all
            </button>
            <Confirmed
              label="Drop all"
              question={`Drop all ${pages.total.value} for good?`}
              onConfirm={() => changes.apply('drop', { all: true })}
            />
          </p>
          <ul class="entries">
            {rows.map(entry => (
              <Entry key={entry.id} entry={entry} changes={changes} />
            ))}
          </ul>
        </>
      )}
      <PageFoot pages={pages} what="entries" />
    </section>
  );
}

function useChanges(onChanged: () => void): Changes {
  const outcome = useSignal('');
  const token = useSignal('');
  const needsToken = useSignal(false);
  const apply: Changes['apply'] = (what, entries) => {
    const asked =
      what === 'replay'
        ? api.replay(entries, token.value).then(replayedText)
        : api.drop(entries, token.value).then(answer => `${answer.dropped} dropped.`);
    asked.then(
      text => {
        outcome.value = text;
        onChanged();
        void loadStatus().catch(() => undefined);
      },
      (error: unknown) => {
        needsToken.value ||= error instanceof ApiError && error.status === 401;
        outcome.value = `Cannot ${what}: ${wordsOf(error)}`;
      },
    );
  };
  return { outcome, token, needsToken, apply };
}

function replayedText({ entries, replayed, indexed, duplicates, stays }: Replayed): string {
  const why = stays[0] ? ` ${stays.length} stay: ${stays[0].why}` : '';
  return `${replayed} of ${entries} replayed: ${indexed} events indexed, ${duplicates} were there already.${why}`;
}

function TokenField({ token }: { token: Signal<string> }): VNode {
  return (
    <label class="actions">
      Token of those who may send events
      <input
        type="password"
        autocomplete="off"
        value={token.value}
        onInput={event => (token.value = event.currentTarget.value)}
      />
    </label>
  );
}

function Entry({ entry, changes }: { entry: QuarantineEntry; changes: Changes }): VNode {
  const excerpt = useSignal<string | undefined>(undefined);
  const toggle = (): void => {
    if (excerpt.value !== undefined) excerpt.value = undefined;
    else
      api.quarantineEntry(entry.id).then(
        full => (excerpt.value = full.excerpt ?? ''),
        (error: unknown) => (excerpt.value = String(error)),
      );
  };
  const source = visibleString(entry.source);
  const where = entry.offset === undefined ? '' : ` at byte ${entry.offset}`;
  return (
    <li class="entry">
      <p>
        <span class="badge denied">⊘ {entry.reason}</span> <Visible text={entry.detail ?? ''} />
      </p>
      <p class="quiet">
        <Visible text={entry.source} />
        {where}
        {entry.size !== undefined && `, ${bytesText(entry.size)}`} · {entry.kind} ·{' '}
        {timeText(entry.seen, ask.value.zone)} · {entry.id}
      </p>
      <p class="actions">
        {entry.has_bytes && (
          <>
            <button type="button" aria-expanded={excerpt.value !== undefined} onClick={toggle}>
              Bytes
            </button>
            <a href={`${api.quarantinePath(entry.id)}?bytes=true`} download={`${entry.id}.bin`}>
              Save bytes
            </a>
          </>
        )}
        <button
          type="button"
          aria-label={`Replay ${entry.id} of ${source}`}
          onClick={() => changes.apply('replay', { ids: entry.id })}
        >
          Replay
        </button>
        <Confirmed
          label="Drop"
          name={`Drop ${entry.id} of ${source}`}
          question="Drop it for good?"
          onConfirm={() => changes.apply('drop', { ids: entry.id })}
        />
      </p>
      {excerpt.value !== undefined && (
        <pre class="record" tabIndex={0} aria-label="First bytes">
          <Visible text={excerpt.value} />
        </pre>
      )}
    </li>
  );
}
