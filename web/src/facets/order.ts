import { computed } from '@preact/signals';
import { selected } from '../state/conditions';
import { moveFacet, orderedFacets } from '../state/facet_settings';
import { answeredFacets } from '../state/results';

/** Where nobody gave names to accounts, the facet of names says nothing. */
function isUseless(field: string): boolean {
  const { included, excluded } = selected(field);
  const answer = answeredFacets.value?.get(field);
  return field === 'account_name' && answer?.distinct === 0 && included.size + excluded.size === 0;
}

/** The facets that are drawn, in their order. */
export const drawnFacets = computed(() => orderedFacets.value.filter(field => !isUseless(field)));

/** The one that is drawn before `field`, or behind it. */
export function neighbour(field: string, by: 1 | -1): string | undefined {
  return drawnFacets.value[drawnFacets.value.indexOf(field) + by];
}

/** Changes places with the neighbour, where there is one. */
export function step(field: string, by: 1 | -1): void {
  const other = neighbour(field, by);
  if (other !== undefined) moveFacet(field, other);
}
