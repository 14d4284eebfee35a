import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { replace } from '../query_text/edits';
import { ask, change } from '../state/ask';
import { add, language } from '../state/conditions';
import { IconButton } from '../ui/buttons';
import { focusAtFirst } from '../ui/focus';
import { toast } from '../ui/toast';
import { Visible, visibleString } from '../ui/visible_text';
import './pills.css';

/** The clauses of the query, each to be turned, switched off, written anew or taken away. */
export function Pills(): VNode | null {
  const { q, off } = ask.value;
  const clauses = language().clauses(q);
  if (clauses.length === 0 && off.length === 0) return null;
  return (
    <section class="pills" aria-label="Conditions of the query">
      {clauses.map(({ text }, index) => (
        <Pill key={`${index} ${text}`} text={text} index={index} />
      ))}
      {off.map((text, index) => (
        <OffPill key={`off ${index} ${text}`} text={text} index={index} />
      ))}
    </section>
  );
}

function Pill({ text, index }: { text: string; index: number }): VNode {
  const { q, off } = ask.value;
  const isEdited = useSignal(false);
  const written = language();
  const shown = visibleString(text);
  const put = (next?: string): string => replace(q, index, next, written);
  const save = (next: string): void => {
    isEdited.value = false;
    if (next.trim() === text) return;
    if (!written.isWhole(next)) return toast('Not changed: a bracket or quote has no end');
    change({ q: put(next) });
  };
  const isNot = written.tokens(text).find(token => token.kind !== 'open')?.kind === 'not';
  if (isEdited.value)
    return <PillEditor text={text} onSave={save} onCancel={() => (isEdited.value = false)} />;
  return (
    <span class={`pill ${isNot ? 'pill-not' : ''}`}>
      <button
        type="button"
        class="pill-text"
        aria-label={`Edit: ${shown}`}
        title={`Edit: ${shown}`}
        onClick={() => (isEdited.value = true)}
        onKeyDown={event => {
          if (event.key === 'Delete' || event.key === 'Backspace') change({ q: put() });
        }}
      >
        <Visible text={text} />
      </button>
      <IconButton
        icon="off"
        label={`Switch off: ${shown}`}
        onClick={() => change({ q: put(), off: [...off, text] })}
      />
      <IconButton
        icon="flip"
        label={`Turn around: ${shown}`}
        onClick={() => change({ q: put(written.negated(text)) })}
      />
      <IconButton icon="close" label={`Remove: ${shown}`} onClick={() => change({ q: put() })} />
    </span>
  );
}

interface PillEditorProps {
  text: string;
  onSave: (text: string) => void;
  onCancel: () => void;
}

/** One clause as text: Enter and leaving it save, Escape does not. */
function PillEditor({ text, onSave, onCancel }: PillEditorProps): VNode {
  const draft = useSignal(text);
  const isDone = useSignal(false);
  const end = (act: () => void): void => {
    if (isDone.value) return;
    isDone.value = true;
    act();
  };
  return (
    <span class="pill pill-edited">
      <input
        class="pill-input"
        aria-label={`Condition ${visibleString(text)}`}
        spellcheck={false}
        size={Math.min(Math.max(text.length + 2, 12), 80)}
        value={draft.value}
        ref={focusAtFirst}
        onInput={event => (draft.value = event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') end(() => onSave(draft.value));
          if (event.key === 'Escape') end(onCancel);
        }}
        onBlur={() => end(() => onSave(draft.value))}
      />
    </span>
  );
}

function OffPill({ text, index }: { text: string; index: number }): VNode {
  const { off } = ask.value;
  const shown = visibleString(text);
  const rest = off.filter((_, at) => at !== index);
  const switchOn = (): void => {
    const before = ask.value.q;
    add(text);
    if (ask.value.q !== before) change({ off: rest }, { replace: true });
  };
  return (
    <span class="pill pill-off">
      <button
        type="button"
        class="pill-text"
        aria-label={`Switch on: ${shown}`}
        title="Switch on"
        onClick={switchOn}
      >
        <Visible text={text} />
      </button>
      <IconButton icon="close" label={`Remove: ${shown}`} onClick={() => change({ off: rest })} />
    </span>
  );
}
