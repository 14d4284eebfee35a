import { fireEvent, waitFor } from '@testing-library/preact';
import { render } from 'preact';
import { afterEach, expect, it, vi } from 'vitest';
import { ask } from '../state/ask';
import { openDialog } from '../state/dialogs';
import { decodeAsk } from '../state/url_codec';
import { App } from './app';
import { shortcutsOn } from './shortcuts';

const root = document.createElement('div');

afterEach(() => {
  render(null, root);
  root.remove();
  shortcutsOn.value = true;
  openDialog.value = undefined;
  vi.unstubAllGlobals();
});

it('follows the history from its first moment on, before anything is painted', () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  render(<App />, root);
  history.pushState(null, '', '?from=now-1h&event=e1');
  dispatchEvent(new PopStateEvent('popstate'));
  expect(ask.value).toMatchObject({ from: 'now-1h', event: 'e1' });
});

it.each([true, false])('goes to the query by a single key, where that is on: %s', isOn => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  // The stand-in for a browser draws nothing, and cannot tell.
  HTMLElement.prototype.checkVisibility ??= () => true;
  document.body.append(root);
  ask.value = decodeAsk('');
  shortcutsOn.value = isOn;
  render(<App />, root);
  fireEvent.keyDown(document.body, { key: '/' });
  expect(document.activeElement?.id === 'query').toBe(isOn);
});

it('gives no key to the page while a dialog is asked for, before its script is there', async () => {
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  document.body.append(root);
  ask.value = decodeAsk('');
  render(<App />, root);
  fireEvent.keyDown(document.body, { key: '?' });
  await Promise.resolve();
  expect(root.querySelector('dialog[open] .awaited')).not.toBeNull();
  fireEvent.keyDown(document.body, { key: 'b' });
  expect(ask.value.view).toBe('search');
  await waitFor(() => expect(root.querySelector('dialog[open] kbd')).not.toBeNull());
  expect(root.querySelectorAll('dialog').length).toBe(1);
  expect(openDialog.value).toBe('shortcuts');
});
