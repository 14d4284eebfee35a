import { useSignal, useSignalEffect, type Signal } from '@preact/signals';
import * as api from '../api/calls';
import { isAbort, wordsOf } from '../api/client';
import type { Facet } from '../api/types';
import { withoutField } from '../state/conditions';
import { facetRequest, kFacetSize } from '../state/facet_requests';
import { answeredFacets, which } from '../state/results';

const kMore = 50;
const kMost = 10_000;
const kTypingMs = 150;

/** The values of one facet: those of the page's answer, or more of them, or those that hold a text. */
export interface FacetList {
  answer: Facet | undefined;
  search: Signal<string>;
  hasMore: boolean;
  /** Whether there are more of them than at first. */
  isExtended: boolean;
  problem: string;
  more: () => void;
  less: () => void;
}

/** Follows one facet. More values, and a search in them, are requests of their own, made while they are wanted. */
export function useFacetList(field: string): FacetList {
  const search = useSignal('');
  const size = useSignal(kFacetSize);
  const own = useSignal<Facet | undefined>(undefined);
  const problem = useSignal('');
  useSignalEffect(() => {
    const text = search.value;
    // Each new answer of the page is a reason to count again: events may have come.
    const isOwn = (text !== '' || size.value > kFacetSize) && answeredFacets.value !== undefined;
    if (!isOwn) {
      own.value = undefined;
      problem.value = '';
      return;
    }
    const q = withoutField(field) ?? which.value.q ?? '';
    const asked = { ...facetRequest(field), size: size.value, ...(text !== '' && { search: text }) };
    const request = { ...which.value, q, columns: [], size: 0, facets: [asked] };
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api
        .search(request, stop.signal)
        .then(({ facets }) => {
          own.value = facets?.[0];
          problem.value = '';
        })
        .catch((error: unknown) => {
          if (!isAbort(error)) problem.value = wordsOf(error);
        });
    }, kTypingMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });
  const answer = own.value ?? answeredFacets.value?.get(field);
  const listed = answer?.values.length ?? 0;
  return {
    answer,
    search,
    hasMore: answer !== undefined && answer.distinct > listed && size.value < kMost,
    isExtended: size.value > kFacetSize,
    problem: problem.value,
    more: () => (size.value = Math.min(size.value < kMore ? kMore : size.value * 2, kMost)),
    less: () => (size.value = kFacetSize),
  };
}
