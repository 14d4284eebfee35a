import { signal } from '@preact/signals';
import type { VNode } from 'preact';

const kShownMs = 4000;
const message = signal('');
let timer = 0;

/** Says for a few seconds what was done. */
export function toast(text: string): void {
  message.value = text;
  clearTimeout(timer);
  timer = window.setTimeout(() => (message.value = ''), kShownMs);
}

export function Toast(): VNode {
  return (
    <div class="toast" role="status" data-shown={message.value !== ''}>
      {message.value}
    </div>
  );
}

/** Puts `text` on the clipboard, and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}`);
  } catch {
    toast(`Cannot copy ${what}: the browser does not allow it here`);
  }
}
