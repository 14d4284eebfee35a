import { computed } from '@preact/signals';
import { allFields, facetFields } from './fields';
import { isTextList, kDefaultFacets, setting, shownFacets } from './settings';

/** Facets that are folded; they are not asked for. */
export const foldedFacets = setting<string[]>('facets.folded', [], isTextList);
/** Facets that stand before all others. */
export const pinnedFacets = setting<string[]>('facets.pinned', [], isTextList);
/** Facets whose rarest values come first. */
export const rareFacets = setting<string[]>('facets.rare', [], isTextList);

function pinnedFirst(names: readonly string[]): string[] {
  const isPinned = (name: string): boolean => pinnedFacets.value.includes(name);
  return [...names.filter(isPinned), ...names.filter(name => !isPinned(name))];
}

/** The facets in their order. Fields that the server does not know, any more, are passed over. */
export const orderedFacets = computed(() => {
  const known = new Set(facetFields.value.map(field => field.name));
  return pinnedFirst(shownFacets.value).filter(name => allFields.value.length === 0 || known.has(name));
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

/** Puts a facet in the place of another. Among those that are pinned it is pinned, among the others it is not. */
export function moveFacet(name: string, to: string): void {
  const order = pinnedFirst(shownFacets.value);
  const place = order.indexOf(to);
  if (name === to || place < 0) return;
  const next = order.filter(other => other !== name);
  next.splice(place, 0, name);
  const isPinned = (field: string): boolean => pinnedFacets.value.includes(field);
  if (isPinned(name) !== isPinned(to)) pinnedFacets.value = toggled(pinnedFacets.value, name);
  shownFacets.value = next;
}

export function resetFacets(): void {
  shownFacets.value = kDefaultFacets;
  foldedFacets.value = [];
  pinnedFacets.value = [];
  rareFacets.value = [];
}
