import { signal } from '@preact/signals';

/** What stands above the page; one at a time. */
export type DialogName = 'shortcuts' | 'save' | 'export';

export const openDialog = signal<DialogName | undefined>(undefined);

/** Whether the panel that explains the query is in sight. */
export const explaining = signal(false);
