import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { HandOf } from './hand';
import type { Program } from './program';
import { View } from './view';
import { openBrowser, watchedPage, type Watch } from './watched_page';

/** What the tests of one file share. */
export interface Served {
  readonly program: Program;
  readonly browser: Browser;
}

/** A program and a browser that begin before the tests of a file and end behind them. */
export function served(start: () => Promise<Program>): Served {
  let both: [Program, Browser] | undefined;
  const have = (): [Program, Browser] => {
    if (!both) throw new Error('expected to be asked within a test');
    return both;
  };
  beforeAll(async () => {
    both = await Promise.all([start(), openBrowser()]);
  });
  afterAll(async () => {
    await both?.[1].close();
    await both?.[0].stop();
  });
  return {
    get program() {
      return have()[0];
    },
    get browser() {
      return have()[1];
    },
  };
}

/** How a test opens its page, which is closed behind it and must have done nothing that it must not. */
export function opener(where: Served): (handOf: HandOf, search?: string) => Promise<View> {
  let view: View | undefined;
  afterEach(async () => {
    await view?.close();
    view = undefined;
  });
  return async (handOf, search = '') => {
    view = await View.open(where.browser, where.program.url, handOf, search);
    return view;
  };
}

/** The same for tests that work with the page itself; `now` is that of the present test. */
export function watched(where: Served): { readonly now: Watch } {
  let watch: Watch | undefined;
  beforeEach(async () => {
    watch = await watchedPage(where.browser, where.program.url);
  });
  afterEach(async () => {
    await watch?.page.close();
    expect(watch?.faults).toEqual([]);
  });
  return {
    get now() {
      if (!watch) throw new Error('expected to be asked within a test');
      return watch;
    },
  };
}
