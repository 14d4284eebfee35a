import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { postJson, wordsOf } from '../api/client';
import { ask, change, type Syntax } from '../state/ask';
import { toast } from '../ui/toast';
import { visibleString } from '../ui/visible_text';
import { remember } from './history';

type Translated = Partial<Record<Syntax, { text?: string; error?: string }>>;

/** The same query in the other language; or why there is none. */
async function translated(q: string, from: Syntax, to: Syntax): Promise<{ text?: string; error?: string }> {
  try {
    const answer = await postJson<Translated>('/api/translate', { q, syntax: from });
    return answer[to] ?? { error: 'the server does not translate it' };
  } catch (error) {
    return { error: wordsOf(error) };
  }
}

/**
 * In which language the query is written. The present one is translated; what cannot be said in the other language is
 * never asked in it: the query then begins anew, and the old one is in the history.
 */
export function SyntaxChoice(): VNode {
  const { syntax } = ask.value;
  const isBusy = useSignal(false);
  const choose = async (next: Syntax): Promise<void> => {
    const { q } = ask.value;
    if (q.trim() === '') return change({ syntax: next, q: '', off: [] });
    isBusy.value = true;
    const { text, error } = await translated(q, syntax, next);
    isBusy.value = false;
    if (ask.value.q !== q || ask.value.syntax !== syntax) return;
    remember(q, syntax);
    change({ syntax: next, q: text ?? '', off: [] });
    if (text === undefined) toast(`Begun anew: ${visibleString(error ?? 'it cannot be translated')}`);
  };
  return (
    <select
      class="syntax-choice"
      aria-label="Language of the query"
      title="Language of the query"
      disabled={isBusy.value}
      value={syntax}
      onChange={event => void choose(event.currentTarget.value as Syntax)}
    >
      <option value="kql">KQL</option>
      <option value="structured">Structured</option>
    </select>
  );
}
