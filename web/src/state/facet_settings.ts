import { computed } from '@preact/signals';
import { allFields, facetFields } from './fields';
import { isTextList, kDefaultFacets, setting, shownFacets } from './settings';

/** Facets that are folded; they are not asked for. */
export const foldedFacets = setting<string[]>('facets.folded', [], isTextList);
/** Facets that stand before all others. */
export const pinnedFacets = setting<string[]>('facets.pinned', [], isTextList);
/** Facets whose rarest values come first. */
export const rareFacets = setting<string[]>('facets.rare', [], isTextList);

/** The facets in their order. Fields that the server does not know, any more, are passed over. */
export const orderedFacets = computed(() => {
  const known = new Set(facetFields.value.map(field => field.name));
  const shown = shownFacets.value.filter(name => allFields.value.length === 0 || known.has(name));
  const isPinned = (name: string): boolean => pinnedFacets.value.includes(name);
  return [...shown.filter(isPinned), ...shown.filter(name => !isPinned(name))];
});

/** The facets that are unfolded, which are asked for. */
export const openFacets = computed(() =>
  orderedFacets.value.filter(name => !foldedFacets.value.includes(name)),
);

/** `list` with `name` in it or not, other than before. */
export function toggled(list: readonly string[], name: string): string[] {
  return list.includes(name) ? list.filter(other => other !== name) : [...list, name];
}

export function showFacet(name: string): void {
  if (!shownFacets.value.includes(name)) shownFacets.value = [...shownFacets.value, name];
  foldedFacets.value = foldedFacets.value.filter(other => other !== name);
}

export function hideFacet(name: string): void {
  shownFacets.value = shownFacets.value.filter(other => other !== name);
}

/** Changes places with the facet before it, or the one behind it. */
export function moveFacet(name: string, by: 1 | -1): void {
  const order = [...orderedFacets.value];
  const at = order.indexOf(name);
  const other = order[at + by];
  if (at < 0 || other === undefined) return;
  order[at] = other;
  order[at + by] = name;
  shownFacets.value = order;
}

export function resetFacets(): void {
  shownFacets.value = kDefaultFacets;
  foldedFacets.value = [];
  pinnedFacets.value = [];
  rareFacets.value = [];
}
