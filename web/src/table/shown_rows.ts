import { computed } from '@preact/signals';
import { result } from '../state/results';
import { copies } from '../state/settings';
import { Joiner, Rows } from './copies';

const joiner = new Joiner();

/** Apart from the rest of the answer, which may be another while these are the same. */
const hits = computed(() => result.value?.hits ?? []);

/** The rows of the hits that are there. */
export const shownRows = computed(() =>
  copies.value === 'together' ? joiner.rowsOf(hits.value) : new Rows(hits.value),
);
