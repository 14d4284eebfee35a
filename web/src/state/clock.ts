import { signal } from '@preact/signals';

/** When the present question was asked last, which is what `now` in its bounds means. */
export const askedAt = signal(Date.now());
