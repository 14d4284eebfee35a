import { computed, effect, useSignal, type Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ApiError } from '../api/client';
import { indexOfByte } from '../query_text/byte_offset';
import { ask, change } from '../state/ask';
import { language } from '../state/conditions';
import { failure, result, run } from '../state/results';
import { useEffectAtOnce } from '../ui/effect_at_once';
import { Icon } from '../ui/icons';
import type { openEditor, QueryEditor, Wrong } from './editor';
import { Recall, remember } from './history';
import './search_bar.css';
import { SyntaxChoice } from './syntax_choice';
import { Tips } from './tips';

const kHint = 'Search: a word, or event_name:Create* and not actor_type:service';

type Load = () => Promise<{ openEditor: typeof openEditor }>;

/** The query alone: what else changes of a question is no reason to lose what is being written. */
const asked = computed(() => ask.value.q);

/** Where the query is written. Enter asks; the same question asks again. */
export function SearchBar({ load = () => import('./editor') }: { load?: Load }): VNode {
  const draft = useSignal(ask.value.q);
  const isFocused = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const recall = useMemo(() => new Recall(() => ask.peek().syntax), []);
  useEffectAtOnce(() => {
    draft.value = asked.value;
    recall.reset();
  });
  const submit = (): void => {
    const { q, syntax } = ask.peek();
    remember(draft.value, syntax);
    isFocused.value = false;
    if (draft.value === q) void run();
    else change({ q: draft.value });
  };
  const write = (text: string): void => {
    draft.value = text;
    isFocused.value = true;
  };
  const { syntax } = ask.value;
  return (
    <form
      class="search-bar"
      role="search"
      autocomplete="off"
      ref={form}
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
      onFocusIn={event => (isFocused.value = (event.target as Element).id === 'query')}
      onFocusOut={event => {
        if (!form.current?.contains(event.relatedTarget as Node | null)) isFocused.value = false;
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') isFocused.value = false;
      }}
    >
      <SyntaxChoice />
      <QueryField draft={draft} load={load} recall={recall} onWrite={write} onSubmit={submit} />
      {isFocused.value && draft.value === '' && <Tips syntax={syntax} onChoose={write} />}
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}

interface FieldProps {
  draft: Signal<string>;
  load: Load;
  recall: Recall;
  onWrite: (text: string) => void;
  onSubmit: () => void;
}

/** A plain input, until the editor is there; for good where it cannot be loaded. */
function QueryField({ draft, load, recall, onWrite, onSubmit }: FieldProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const editor = useSignal<QueryEditor | undefined>(undefined);
  const handlers = useRef({ onWrite, onSubmit });
  handlers.current = { onWrite, onSubmit };
  useEffect(() => {
    let isGone = false;
    let isAsked = false;
    const stop = effect(() => {
      // The editor must not make the first events wait.
      if (isAsked || (!result.value && failure.value === undefined)) return;
      isAsked = true;
      load()
        .then(({ openEditor: open }) => {
          if (!isGone && place.current) editor.value = mount(open, place.current, draft, recall, handlers);
        })
        .catch(() => undefined);
    });
    return () => {
      isGone = true;
      stop();
      editor.peek()?.destroy();
    };
  }, []);
  useEffectAtOnce(() => editor.value?.setText(draft.value));
  useEffectAtOnce(() => {
    void ask.value.syntax;
    editor.value?.refresh();
  });
  useEffectAtOnce(() => editor.value?.setWrong(wrongOf(failure.value)));
  return (
    <div class="query-box">
      <Icon name="search" />
      <div class="query-editor" ref={place} />
      {editor.value && draft.value === '' && (
        <span class="query-hint" aria-hidden="true">
          {kHint}
        </span>
      )}
      {!editor.value && (
        <input
          id="query"
          type="text"
          aria-label="Query"
          placeholder={kHint}
          spellcheck={false}
          autocapitalize="off"
          value={draft.value}
          onInput={event => {
            recall.reset();
            onWrite(event.currentTarget.value);
          }}
          onKeyDown={event => {
            const by = ({ ArrowUp: 1, ArrowDown: -1 } as const)[event.key as 'ArrowUp' | 'ArrowDown'];
            const text = by && recall.step(by, draft.value);
            if (text === undefined) return;
            event.preventDefault();
            draft.value = text;
          }}
        />
      )}
    </div>
  );
}

/** Puts the editor in the place of the input, with its focus and what is selected in it. */
function mount(
  open: typeof openEditor,
  place: HTMLElement,
  draft: Signal<string>,
  recall: Recall,
  handlers: { current: { onWrite: (text: string) => void; onSubmit: () => void } },
): QueryEditor {
  const { activeElement } = document;
  const input = activeElement instanceof HTMLInputElement && activeElement.id === 'query' && activeElement;
  const end = draft.peek().length;
  let isRecalling = false;
  const editor = open(place, {
    text: draft.peek(),
    selection: input ? [input.selectionStart ?? end, input.selectionEnd ?? end] : [end, end],
    hint: kHint,
    syntax: () => ask.peek().syntax,
    tokens: text => language().tokens(text),
    onChange: text => {
      if (text === draft.peek()) return;
      if (!isRecalling) recall.reset();
      isRecalling = false;
      handlers.current.onWrite(text);
    },
    onSubmit: () => handlers.current.onSubmit(),
    onRecall: (by, shown) => {
      const text = recall.step(by, shown);
      isRecalling = text !== undefined;
      return text;
    },
  });
  if (input) editor.focus();
  return editor;
}

/** Where in the query the server found what it does not understand. */
function wrongOf(error: unknown): Wrong | undefined {
  if (!(error instanceof ApiError) || error.parameter !== 'q' || !error.at) return undefined;
  const { q } = ask.peek();
  return { begin: indexOfByte(q, error.at.begin), end: indexOfByte(q, error.at.end) };
}
