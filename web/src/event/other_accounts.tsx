import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import * as api from '../api/calls';
import type { Hit } from '../api/types';
import { kOfCopies } from '../state/results';
import { accountText, Joiner, type Rows } from '../table/copies';
import { valueOf } from '../table/outcome';
import { useAnswer } from '../ui/answer';
import { AskLink } from '../ui/ask_link';
import { Visible } from '../ui/visible_text';

/** Far more than are shown: of events that say they are copies not all are. */
const kSize = 100;

/** Undefined where an event has no copies: its shared id is empty. */
async function copiesBy(shared: string, signal: AbortSignal): Promise<Rows | undefined> {
  if (shared === '') return undefined;
  const filters = [{ field: 'shared_event_id', include: [shared] }];
  const sort = ['recipient_account_id asc'];
  const { hits } = await api.search(
    { filters, sort, columns: [...kOfCopies, 'event_outcome'], size: kSize },
    signal,
  );
  return new Joiner().rowsOf(hits);
}

/** Leads to the copies of an event that other accounts were given. It stays in its place when one of them is opened. */
export function OtherAccounts({ id, hit }: { id: string; hit: Hit | undefined }): VNode | null {
  const shared = hit ? valueOf(hit, 'shared_event_id') : '';
  const { answer, problem } = useAnswer(shared, signal => copiesBy(shared, signal));
  const last = useRef<Rows | undefined>(undefined);
  if (answer) last.current = answer;
  const copies = last.current?.copiesOf(id);
  if (problem) {
    return (
      <p class="failure-text">
        Its copies in other accounts did not come: <Visible text={problem} />
      </p>
    );
  }
  if (!copies) return null;
  return (
    <nav class="other-accounts" aria-label="Copies in several accounts">
      In {copies.length} accounts:
      {copies.map(copy => (
        <AskLink key={copy.id} to={{ event: copy.id }} isCurrent={copy.id === id}>
          <Visible text={accountText(copy)} />
        </AskLink>
      ))}
    </nav>
  );
}
