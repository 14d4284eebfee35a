import type { ComponentChildren, VNode } from 'preact';
import { openDialog } from '../state/dialogs';
import { Dialog } from '../ui/dialog';
import { later } from '../ui/later';

/** Takes the keyboard from the page while the script of a dialog is under way. */
function AwaitedDialog({ children }: { children: ComponentChildren }): VNode {
  return (
    <Dialog title="One moment" onClose={() => (openDialog.value = undefined)}>
      {children}
    </Dialog>
  );
}

const kDialogs = {
  save: later(async () => (await import('../saved/save_dialog')).SaveDialog, AwaitedDialog),
  export: later(async () => (await import('../export/export_dialog')).ExportDialog, AwaitedDialog),
  shortcuts: later(async () => (await import('./shortcut_dialog')).ShortcutDialog, AwaitedDialog),
};

/** What stands above the page. */
export function OpenDialog(): VNode | null {
  const Named = openDialog.value && kDialogs[openDialog.value];
  return Named ? <Named /> : null;
}
