import { fireEvent } from '@testing-library/preact';
import { render } from 'preact';
import { afterEach, expect, it, vi } from 'vitest';
import { ask } from '../state/ask';
import { decodeAsk } from '../state/url_codec';
import { App } from './app';
import { shortcutsOn } from './shortcuts';

const root = document.createElement('div');

afterEach(() => {
  render(null, root);
  root.remove();
  shortcutsOn.value = true;
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
