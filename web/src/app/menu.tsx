import type { VNode } from 'preact';
import type { View } from '../state/ask';
import { ask } from '../state/ask';
import { openDialog } from '../state/dialogs';
import { AskLink } from '../ui/ask_link';
import { IconButton } from '../ui/buttons';
import { ThemeSwitch } from './theme';

const kPages: readonly { view: View; name: string }[] = [
  { view: 'search', name: 'Search' },
  { view: 'saved', name: 'Saved' },
  { view: 'ingest', name: 'Ingest' },
  { view: 'integrity', name: 'Integrity' },
  { view: 'about', name: 'About' },
];

/** The pages, as links that can be opened beside this one. */
export function Pages(): VNode {
  return (
    <nav class="pages" aria-label="Pages">
      {kPages.map(({ view, name }) => (
        <AskLink key={view} to={{ view }} isCurrent={ask.value.view === view}>
          {name}
        </AskLink>
      ))}
    </nav>
  );
}

/** What can be done with the page as a whole. */
export function Actions(): VNode {
  return (
    <div class="page-actions" role="group" aria-label="Page">
      <IconButton icon="star" label="Save this search (s)" onClick={() => (openDialog.value = 'save')} />
      <IconButton
        icon="download"
        label="Export and share (e)"
        onClick={() => (openDialog.value = 'export')}
      />
      <ThemeSwitch />
      <IconButton icon="keyboard" label="Keyboard (?)" onClick={() => (openDialog.value = 'shortcuts')} />
    </div>
  );
}
