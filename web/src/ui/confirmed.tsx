import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { focusAtFirst } from './focus';

interface ConfirmedProps {
  label: string;
  /** For those who do not see beside what the button stands. */
  name?: string;
  question: string;
  onConfirm: () => void;
}

/** A button that asks back before it does what cannot be undone. */
export function Confirmed({ label, name, question, onConfirm }: ConfirmedProps): VNode {
  const asking = useSignal(false);
  if (!asking.value)
    return (
      <button type="button" aria-label={name} onClick={() => (asking.value = true)}>
        {label}
      </button>
    );
  return (
    <span class="actions" role="group" aria-label={question}>
      {question}
      <button
        type="button"
        class="danger"
        onClick={() => {
          asking.value = false;
          onConfirm();
        }}
      >
        {label}
      </button>
      <button type="button" ref={focusAtFirst} onClick={() => (asking.value = false)}>
        Keep
      </button>
    </span>
  );
}
