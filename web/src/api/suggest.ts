import { getJson } from './client';
import type { ByteRange } from './client';

export interface SuggestedField {
  name: string;
  path?: string;
  type: string;
  help: string;
}

export interface SuggestedOperator {
  text: string;
  help: string;
}

export interface SuggestedValue {
  value: string;
  count?: number;
}

/** What may stand at a place of a query: values of one field, or fields and operators. */
export interface Suggestions {
  /** What it takes the place of, in bytes of the text. */
  replace: ByteRange;
  field?: string;
  values?: SuggestedValue[];
  fields?: SuggestedField[];
  operators?: SuggestedOperator[];
}

export interface SuggestRequest {
  text: string;
  /** In bytes of the text. */
  cursor: number;
  syntax: string;
  size: number;
}

export function suggest(request: SuggestRequest, signal?: AbortSignal): Promise<Suggestions> {
  return getJson('/api/suggest', { ...request }, signal);
}
