import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** What stays free at the edges of the window, in pixels. */
const kEdge = 8;

interface PopupProps {
  /** Names the button and what it opens. */
  label: string;
  button: ComponentChildren;
  class?: string;
  /** What is inside; `close` gives the focus back to the button. */
  children: (close: () => void) => ComponentChildren;
}

/** Moves a popup that is fixed where it opened, so that nothing of it is beyond the window. */
function keepInWindow(popup: HTMLElement): void {
  if (getComputedStyle(popup).position !== 'fixed') return;
  const { right, bottom } = popup.getBoundingClientRect();
  popup.style.marginLeft = `${Math.min(0, document.documentElement.clientWidth - kEdge - right)}px`;
  popup.style.marginTop = `${Math.min(0, innerHeight - kEdge - bottom)}px`;
}

/** A button that opens something beside it: closed by Escape, by a click elsewhere, or when the focus leaves. */
export function Popup({ label, button, class: extra, children }: PopupProps): VNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  // At once: a key or a click that follows is meant for what has opened.
  useLayoutEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    const popup = root.current?.querySelector<HTMLElement>('.popup');
    if (popup) keepInWindow(popup);
    root.current?.querySelector<HTMLElement>('.popup :is(button, input, select, textarea)')?.focus();
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  return (
    <div
      class={`popup-root ${extra ?? ''}`}
      ref={root}
      onKeyDown={event => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        type="button"
        ref={trigger}
        class="popup-button"
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div class="popup" id={id} role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
