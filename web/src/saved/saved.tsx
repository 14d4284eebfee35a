import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import * as api from '../api/calls';
import { isAbort, wordsOf } from '../api/client';
import type { SavedSearch } from '../api/types';
import { ask, change } from '../state/ask';
import { decodeAsk } from '../state/url_codec';
import { timeText } from '../time/zone';
import { AskLink } from '../ui/ask_link';
import { Confirmed } from '../ui/confirmed';
import { toast } from '../ui/toast';
import { Visible, visibleString } from '../ui/visible_text';
import './saved.css';

/** The searches that were saved on this server, by name. */
export function Saved(): VNode {
  const searches = useSignal<SavedSearch[] | undefined>(undefined);
  const problem = useSignal('');
  const load = (signal?: AbortSignal): void => {
    api.savedSearches(signal).then(
      found => (searches.value = found),
      (error: unknown) => {
        if (!isAbort(error)) problem.value = wordsOf(error);
      },
    );
  };
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal);
    return () => controller.abort();
  }, []);
  const remove = ({ name }: SavedSearch): void => {
    api.deleteSaved(name).then(
      () => {
        toast(`Deleted ${visibleString(name)}`);
        load();
      },
      (error: unknown) => toast(`Cannot delete it: ${wordsOf(error)}`),
    );
  };
  return (
    <main class="page-view" id="saved">
      <header class="page-head">
        <h1>Saved searches</h1>
        <button type="button" onClick={() => change({ view: 'search' })}>
          Back to the search
        </button>
      </header>
      <section class="panel" aria-label="Saved searches">
        {problem.value && (
          <p role="alert">
            <Visible text={problem.value} />
          </p>
        )}
        {searches.value?.length === 0 && (
          <p class="quiet">
            None yet. <kbd>s</kbd> saves the search that is in sight.
          </p>
        )}
        <ul class="saved-list">
          {searches.value?.map(one => (
            <Entry key={one.name} search={one} onDelete={() => remove(one)} />
          ))}
        </ul>
      </section>
    </main>
  );
}

function Entry({ search, onDelete }: { search: SavedSearch; onDelete: () => void }): VNode {
  const asked = decodeAsk(`?${search.state}`);
  const range = [asked.from || 'oldest', asked.to || 'newest'].join(' – ');
  return (
    <li class="saved">
      <div>
        <AskLink to={asked}>
          <Visible text={search.name} />
        </AskLink>
        <code>
          <Visible text={asked.q || 'everything'} />
        </code>
        <span class="quiet">
          {(asked.from || asked.to) && (
            <>
              <Visible text={range} /> ·{' '}
            </>
          )}
          saved {timeText(search.updated, ask.value.zone).replace(/\.\d+$/, '')}
        </span>
      </div>
      <Confirmed
        label="Delete"
        name={`Delete ${visibleString(search.name)}`}
        question="Delete it for everybody?"
        onConfirm={onDelete}
      />
    </li>
  );
}
