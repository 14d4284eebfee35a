import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import * as api from '../api/calls';
import { ApiError, wordsOf } from '../api/client';
import { ask } from '../state/ask';
import { openDialog } from '../state/dialogs';
import { encodeAsk } from '../state/url_codec';
import { Dialog } from '../ui/dialog';
import { toast } from '../ui/toast';
import { Visible, visibleString } from '../ui/visible_text';
import './saved.css';

const kNameTaken = 412;

/** Keeps what is asked now on the server, under a name. */
export function SaveDialog(): VNode {
  const name = useSignal('');
  const taken = useSignal(false);
  const problem = useSignal('');
  const close = (): void => void (openDialog.value = undefined);
  const save = (event: Event): void => {
    event.preventDefault();
    const asked = name.value.trim();
    // An empty state would be refused: this says the same as nothing.
    const state = encodeAsk(ask.value).slice(1) || 'q=';
    api.saveSearch(asked, state, taken.value).then(
      () => {
        toast(`Saved as ${visibleString(asked)}`);
        close();
      },
      (error: unknown) => {
        taken.value = error instanceof ApiError && error.status === kNameTaken;
        problem.value = taken.value ? '' : wordsOf(error);
      },
    );
  };
  return (
    <Dialog title="Save this search" onClose={close}>
      <form class="save-form" onSubmit={save}>
        <p>
          <code>
            <Visible text={ask.value.q || 'everything'} />
          </code>
        </p>
        <label>
          Name
          <input
            autofocus
            required
            maxLength={200}
            value={name.value}
            onInput={event => {
              name.value = event.currentTarget.value;
              taken.value = false;
            }}
          />
        </label>
        {taken.value && <p role="alert">There is a search of this name.</p>}
        {problem.value && (
          <p role="alert" class="failure-text">
            <Visible text={problem.value} />
          </p>
        )}
        <p class="actions">
          <button type="submit" class="primary">
            {taken.value ? 'Replace it' : 'Save'}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
