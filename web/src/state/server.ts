import { OfflineError } from '../api/client';
import { failure, run } from './results';
import { loadStatus, reachable } from './status';

const kPollMs = 15_000;
const kPollOfflineMs = 3_000;

/** Asks again what the server could not be asked while it was away. */
export async function reconnect(): Promise<void> {
  await loadStatus();
  if (reachable.value && failure.value instanceof OfflineError) await run();
}

/** Asks how the server is while somebody looks; answers how to stop. */
export function followServer(): () => void {
  let timer = 0;
  const next = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(poll, reachable.value ? kPollMs : kPollOfflineMs);
  };
  const poll = (): void => {
    if (document.visibilityState === 'hidden') return next();
    // Other failures show where something is asked for.
    void reconnect()
      .catch(() => undefined)
      .finally(next);
  };
  const now = (): void => poll();
  poll();
  addEventListener('online', now);
  document.addEventListener('visibilitychange', now);
  return () => {
    clearTimeout(timer);
    removeEventListener('online', now);
    document.removeEventListener('visibilitychange', now);
  };
}
