import { signal, type ReadonlySignal } from '@preact/signals';

/** Whether the window answers a media query, as it changes. */
export function mediaSignal(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const answers = signal(media.matches);
  media.addEventListener('change', () => (answers.value = media.matches));
  return answers;
}

/** Whether there is no room for columns beside each other. */
export const isNarrow = mediaSignal('(max-width: 40rem)');
