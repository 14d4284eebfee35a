import { signal } from '@preact/signals';
import * as api from '../api/calls';
import { OfflineError } from '../api/client';
import type { Status } from '../api/types';

/** What the store held when it was last asked. */
export const status = signal<Status | undefined>(undefined);
/** Whether the server answered when it was last asked. */
export const reachable = signal(true);

export async function loadStatus(): Promise<void> {
  try {
    status.value = await api.status();
    reachable.value = true;
  } catch (error) {
    if (error instanceof OfflineError) reachable.value = false;
    else throw error;
  }
}
