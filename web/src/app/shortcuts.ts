import { ask, change, type View } from '../state/ask';
import { explaining, openDialog } from '../state/dialogs';
import { shareableUrl } from '../state/links';
import { cancel, loading, loadMore, run } from '../state/results';
import { setting, theme } from '../state/settings';
import { copy } from '../ui/toast';
import { kNextTheme } from './theme';

/** One key, what it does and where; the dialog of `?` is drawn from this table. */
export interface Shortcut {
  /** As `KeyboardEvent.key` has them; each does the same. */
  keys: readonly string[];
  does: string;
  group: 'Search' | 'Events' | 'Page';
  /** Whether the key was taken; otherwise the browser has it. */
  run: () => boolean;
  /** Also while something is being written. */
  always?: boolean;
}

export const shortcutsOn = setting(
  'shortcuts',
  true,
  (value): value is boolean => typeof value === 'boolean',
);

const done = (): true => true;

function focus(selector: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>(selector)];
  const element = found.find(one => one.checkVisibility());
  element?.focus();
  return element !== undefined;
}

function press(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  element?.click();
  return element !== null;
}

/** Goes to the place of the keyboard among the events, where the table takes these keys itself. */
const toTable = (): boolean => focus('.event-table [tabindex="0"]');

function toView(view: View): () => boolean {
  return () => {
    change({ view: ask.value.view === view ? 'search' : view });
    return true;
  };
}

export const kShortcuts: readonly Shortcut[] = [
  {
    keys: ['/'],
    does: 'Write the query',
    group: 'Search',
    run: () => focus('.search-bar :is(.cm-content, input)'),
  },
  {
    keys: ['t'],
    does: 'Choose the time range',
    group: 'Search',
    run: () => press('.time-picker .popup-button'),
  },
  {
    keys: ['f'],
    does: 'Go to the facets',
    group: 'Search',
    run: () => focus('.facets :is(.facets-toggle, .facet-value)'),
  },
  {
    keys: ['h'],
    does: 'Go to the histogram',
    group: 'Search',
    run: () => focus('.histogram :is([tabindex="0"], button)'),
  },
  { keys: ['r'], does: 'Search again', group: 'Search', run: () => (void run(), done()) },
  {
    keys: ['x'],
    does: 'Explain what each condition does',
    group: 'Search',
    run: () => ((explaining.value = !explaining.value), done()),
  },
  {
    keys: ['Escape'],
    does: 'Cancel the search',
    group: 'Search',
    always: true,
    run: () => loading.value && (cancel(), done()),
  },
  { keys: ['j'], does: 'Next event', group: 'Events', run: toTable },
  { keys: ['k'], does: 'Previous event', group: 'Events', run: toTable },
  { keys: ['m'], does: 'Load more events', group: 'Events', run: () => (void loadMore(), done()) },
  {
    keys: ['e'],
    does: 'Export, or copy the query as …',
    group: 'Page',
    run: () => ((openDialog.value = 'export'), done()),
  },
  { keys: ['s'], does: 'Save this search', group: 'Page', run: () => ((openDialog.value = 'save'), done()) },
  { keys: ['b'], does: 'Saved searches, and back', group: 'Page', run: toView('saved') },
  { keys: ['i'], does: 'Ingest, and back', group: 'Page', run: toView('ingest') },
  { keys: ['v'], does: 'Integrity of files, and back', group: 'Page', run: toView('integrity') },
  { keys: ['a'], does: 'About this server, and back', group: 'Page', run: toView('about') },
  {
    keys: ['c'],
    does: 'Copy the link',
    group: 'Page',
    run: () => (void shareableUrl().then(url => copy(url, 'the link')), done()),
  },
  {
    keys: ['l'],
    does: 'Light, dark or automatic colours',
    group: 'Page',
    run: () => ((theme.value = kNextTheme[theme.value]), done()),
  },
  { keys: ['?'], does: 'This list', group: 'Page', run: () => ((openDialog.value = 'shortcuts'), done()) },
];

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      (target.matches('input, textarea, select') && !target.matches('[type=checkbox]')))
  );
}

/** The shortcut that a key is, here and now. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target instanceof Element ? event.target : null;
  // A click within a dialog gives the focus to the page below.
  if (document.querySelector('dialog[open]')) return undefined;
  if (target?.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return undefined;
  const writing = isWriting(target);
  return kShortcuts.find(
    one => one.keys.includes(event.key) && (one.always || (shortcutsOn.value && !writing)),
  );
}

/** Listens to keys; answers how to stop. */
export function followShortcuts(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (shortcutOf(event)?.run()) event.preventDefault();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
