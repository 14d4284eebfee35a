import type { VNode } from 'preact';
import { openDialog } from '../state/dialogs';
import { Dialog } from '../ui/dialog';
import { kShortcuts, shortcutsOn } from './shortcuts';

const kGroups = ['Search', 'Events', 'Page'] as const;

const kKeyNames: Readonly<Record<string, string>> = { Escape: 'Esc' };

/** What each key does. */
export function ShortcutDialog(): VNode {
  return (
    <Dialog title="Keyboard" onClose={() => (openDialog.value = undefined)}>
      <div class="shortcut-groups">
        {kGroups.map(group => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {kShortcuts
                .filter(one => one.group === group)
                .map(({ keys, does }) => (
                  <div key={keys[0]}>
                    <dt>
                      {keys.map(key => (
                        <kbd key={key}>{kKeyNames[key] ?? key}</kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="quiet">
        <kbd>Tab</kbd> goes through everything else, <kbd>Enter</kbd> opens an event or presses a button.
      </p>
      <label class="actions">
        <input
          type="checkbox"
          checked={shortcutsOn.value}
          onChange={event => (shortcutsOn.value = event.currentTarget.checked)}
        />
        Single keys are shortcuts
      </label>
    </Dialog>
  );
}
