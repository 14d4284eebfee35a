import { render } from 'preact';
import { afterEach, expect, it } from 'vitest';
import { Confirmed } from './confirmed';
import { Dialog } from './dialog';
import { Popup } from './popup';

const root = document.createElement('div');

afterEach(() => {
  render(null, root);
  root.remove();
});

/** Lets drawings be made, and not yet what waits for their painting. */
const drawn = (): Promise<void> => Promise.resolve();
const button = (label: string): HTMLButtonElement =>
  [...root.querySelectorAll('button')].find(one => one.textContent === label) as HTMLButtonElement;

it.each([
  ['a question', <Confirmed label="Delete" question="Sure?" onConfirm={() => undefined} />, 'Delete', 'Keep'],
  [
    'a popup',
    <Popup label="More" button="More">
      {() => <button type="button">First</button>}
    </Popup>,
    'More',
    'First',
  ],
] as const)('%s has the focus before the next key can come', async (_, element, opener, focused) => {
  document.body.append(root);
  render(element, root);
  button(opener).click();
  await drawn();
  await drawn();
  expect(document.activeElement).toBe(button(focused));
});

it('a dialog is open before the next key can come', () => {
  document.body.append(root);
  render(
    <Dialog title="Title" onClose={() => undefined}>
      text
    </Dialog>,
    root,
  );
  expect(root.querySelector('dialog')?.open).toBe(true);
});
