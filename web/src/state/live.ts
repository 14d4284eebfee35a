import { effect, signal } from '@preact/signals';
import { loading, run } from './results';

/** Seconds after which the question is asked again; 0: only on demand. */
export const refreshSeconds = signal(0);

/** Asks again and again while somebody looks, and never while an answer is awaited; answers how to stop. */
export function followRefresh(): () => void {
  return effect(() => {
    const seconds = refreshSeconds.value;
    if (seconds === 0) return;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'hidden' && !loading.peek()) void run();
    }, seconds * 1000);
    return () => clearInterval(timer);
  });
}
