import type { FacetRequest, SearchRequest, Which } from '../api/types';
import { withoutField } from './conditions';
import { openFacets, rareFacets } from './facet_settings';

export const kFacetSize = 8;

/** What is asked of one facet. */
export function facetRequest(field: string): FacetRequest {
  return { field, size: kFacetSize, ...(rareFacets.value.includes(field) && { sort: 'rare' }) };
}

/** Facets that one request can count along with the hits, and requests of those that it cannot. */
export interface FacetRequests {
  shared: FacetRequest[];
  own: SearchRequest[];
}

/**
 * The values of a field that has some selected are counted as if it had none, so that they show what
 * another would add; that is another question than that of the hits.
 */
export function facetRequests(which: Which): FacetRequests {
  const shared: FacetRequest[] = [];
  const own: SearchRequest[] = [];
  for (const field of openFacets.value) {
    const q = withoutField(field);
    if (q === undefined) shared.push(facetRequest(field));
    else own.push({ ...which, q, columns: [], size: 0, facets: [facetRequest(field)] });
  }
  return { shared, own };
}
