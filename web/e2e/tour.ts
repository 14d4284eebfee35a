import type { Page } from 'playwright-core';
import { kPatienceMs } from './watched_page';

/** A state of the page, reached without a load as by the back button, and what is done there. */
export interface Stop {
  /** The query part of the URL. */
  search: string;
  /** Waited for once the server has answered. */
  seen?: string;
  /** The text that it must have somewhere, of a `seen` that changes from stop to stop. */
  text?: string;
  /** Buttons of it that are clicked one after the other. */
  clicks?: readonly string[];
}

export interface Seen {
  /** The query that the page asks when all was clicked. */
  q: string;
  /** What must not be in the page, of any moment. */
  foreign: string[];
}

/** Elements that the page never makes, and links that lead elsewhere. */
const kForeign =
  'iframe, object, embed, base, frame, img:not(.cm-widgetBuffer), img[src], img[srcset], video, audio, animate, form form, style:not([nonce]), marquee, math, ' +
  'portal, template, meta[http-equiv], xmp, link[href^="//"], script:not([src^="/assets/"]), ' +
  'a[href]:not([href^="?"], [href^="#"], [href^="/api/"], [href="/"])';
const kUnseen = '[\\u202e\\u2066\\u2069\\u200b\\u200f\\ufeff\\u001b\\u0007\\u009b]';

/**
 * Makes all stops in the page that is open, and looks after each stop and each click for what must not be there.
 * It runs in the page itself: thousands of messages between here and the browser would be most of its time.
 */
export function tour(page: Page, stops: readonly Stop[]): Promise<Seen[]> {
  return page.evaluate(inPage, { stops, forbidden: kForeign, unseen: kUnseen, patienceMs: kPatienceMs });
}

/** What must not be in the page as it is now. */
export async function foreignIn(page: Page): Promise<string[]> {
  const search = new URL(page.url()).search;
  const [seen] = await tour(page, [{ search }]);
  return (seen as Seen).foreign;
}

interface Arguments {
  stops: readonly Stop[];
  forbidden: string;
  unseen: string;
  patienceMs: number;
}

async function inPage({ stops, forbidden, unseen, patienceMs }: Arguments): Promise<Seen[]> {
  const pattern = new RegExp(unseen);
  const drawn = (): Promise<unknown> => new Promise(resolve => setTimeout(resolve));
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    const end = performance.now() + patienceMs;
    for (await drawn(); !isSo(); await drawn()) {
      if (performance.now() < end) continue;
      throw new Error(
        `${location.search} never came to have ${what}:\n${document.body.innerText.slice(0, 2000)}`,
      );
    }
  };
  const foreign = (): string[] => [
    ...[...document.querySelectorAll(forbidden)].map(element => element.outerHTML),
    ...(pattern.test(document.documentElement.outerHTML) ? [`unseen characters at ${location.search}`] : []),
  ];
  // The server may have made a short link of a long URL by now, or not yet.
  const asked = (): string => (history.state as { search?: string } | null)?.search ?? location.search;
  const visit = async ({ search, seen, text, clicks = [] }: Stop): Promise<Seen> => {
    if (search !== location.search) history.pushState(null, '', search);
    dispatchEvent(new PopStateEvent('popstate'));
    await until('an answer', () => document.querySelector('.progress[data-shown="false"]') !== null);
    const isThere = (): boolean =>
      [...document.querySelectorAll(seen ?? 'body')].some(one => one.textContent?.includes(text ?? ''));
    await until(`${seen} with '${text}'`, isThere);
    const all = foreign();
    for (const selector of clicks) {
      await until(selector, () => document.querySelector(selector) !== null);
      (document.querySelector(selector) as HTMLElement).click();
      await drawn();
      await drawn();
      all.push(...foreign());
    }
    return { q: new URLSearchParams(asked()).get('q') ?? '', foreign: all };
  };
  const told: Seen[] = [];
  for (const stop of stops) told.push(await visit(stop));
  return told;
}
