import { effect } from '@preact/signals';
import * as api from '../api/calls';
import { isAbort, LatestOnly } from '../api/client';
import { ask } from './ask';
import { decodeAsk, encodeAsk } from './url_codec';

/** URLs beyond this length are cut off by some of the programs that people send them with. */
export const kLongestUrl = 2000;
const kMember = 'link';

const latest = new LatestOnly();

const ownUrl = (search: string): string => location.origin + location.pathname + search;

/** Shortens the URL when it has become long; answers how to stop. A server without links leaves it as it is. */
export function followLongUrls(): () => void {
  return effect(() => {
    const search = encodeAsk(ask.value);
    latest.abort();
    if (ownUrl(search).length > kLongestUrl) void shorten(search).catch(() => undefined);
  });
}

async function shorten(search: string): Promise<void> {
  const signal = latest.next();
  try {
    const { id } = await api.makeLink(search.slice(1), signal);
    if (!signal.aborted) history.replaceState({ search }, '', `?${kMember}=${id}`);
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

/** Whether the URL is a short link of which the state is not known yet. */
export function isShortLink(): boolean {
  return new URLSearchParams(location.search).has(kMember);
}

/** Makes `ask` what the short link of the URL stands for. */
export async function openShortLink(): Promise<void> {
  const link = location.search;
  const id = new URLSearchParams(link).get(kMember) ?? '';
  const search = `?${(await api.link(id)).state}`;
  // Somebody who asked for something else meanwhile is left there.
  if (location.search !== link) return;
  history.replaceState({ search }, '', link);
  ask.value = decodeAsk(search);
}

/** The URL of what is asked now, short enough to be sent. */
export async function shareableUrl(search = encodeAsk(ask.value)): Promise<string> {
  const url = ownUrl(search);
  if (url.length <= kLongestUrl) return url;
  return ownUrl(`?${kMember}=${(await api.makeLink(search.slice(1))).id}`);
}
