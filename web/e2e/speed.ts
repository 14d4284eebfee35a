import type { Browser, Page } from 'playwright-core';
import { kPatienceMs } from './watched_page';

/** How fast the page is over one store. Times are milliseconds. */
export interface Figures {
  events: number;
  /** From the request of a browser that has nothing of it to the first painted rows; median. */
  first_paint: number;
  /** From the click on a facet's value to the painted answer; median and worst. */
  facet_click: number;
  facet_click_worst: number;
  rows_scrolled: number;
  /** The longest frame while so many rows pass. */
  longest_frame: number;
  /** Rows in the document meanwhile. */
  rows_drawn: number;
  /** Scripts that come before the page can be used, as sent. */
  script_bytes: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** What the scripts measure that are asked for until the document's own have run; the editor comes later. */
function firstScriptBytes(): number {
  const [document_] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const loaded = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return loaded
    .filter(one => new URL(one.name).pathname.endsWith('.js'))
    .filter(one => one.startTime < (document_?.domContentLoadedEventStart ?? 0))
    .reduce((sum, one) => sum + one.encodedBodySize, 0);
}

/** Loads the page in a new profile each time, until rows are painted. */
async function firstPaints(browser: Browser, url: string, times: number): Promise<[number[], number]> {
  const found: number[] = [];
  let scripts = 0;
  for (let turn = 0; turn < times; turn++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const painted = (): void => {
        if (!document.querySelector('.event-row')) return void requestAnimationFrame(painted);
        // The frame that shows them ends before the next begins.
        requestAnimationFrame(now => ((window as unknown as { painted: number }).painted = now));
      };
      requestAnimationFrame(painted);
    });
    await page.goto(url);
    found.push(
      await (
        await page.waitForFunction(() => (window as unknown as { painted: number }).painted)
      ).jsonValue(),
    );
    scripts = Math.max(scripts, await page.evaluate(firstScriptBytes));
    await context.close();
  }
  return [found, scripts];
}

/** Clicks values of facets, one after another, each in a page that shows everything. */
async function facetClicks(page: Page, url: string, times: number): Promise<number[]> {
  const found: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    await page.goto(url);
    await page.locator('.facet-value .count').first().waitFor();
    const values = page.locator('.facets .facet:nth-of-type(-n+4) .facet-value');
    const clicked = turn % Math.max(await values.count(), 1);
    found.push(
      await values.nth(clicked).evaluate(async value => {
        const began = performance.now();
        // The click draws at once that an answer is awaited.
        (value as HTMLElement).click();
        return new Promise<number>(resolve => {
          const look = (): void => {
            const isAwaited = document.querySelector('.progress[data-shown=false]') === null;
            requestAnimationFrame(isAwaited ? look : () => resolve(performance.now() - began));
          };
          requestAnimationFrame(look);
        });
      }),
    );
  }
  return found;
}

interface Scrolled {
  rows: number;
  longest: number;
  drawn: number;
}

/** Scrolls through the list, a screen a frame, until so many rows have passed. */
async function scroll(page: Page, url: string, rows: number): Promise<Scrolled> {
  await page.goto(url);
  await page.locator('.event-row').first().waitFor();
  return page.evaluate(inPage, { wanted: rows, patienceMs: kPatienceMs });
}

async function inPage({ wanted, patienceMs }: { wanted: number; patienceMs: number }): Promise<Scrolled> {
  const scroller = document.querySelector('.table-scroll') as HTMLElement;
  const loaded = (): number =>
    Number(
      /([\d,]+) of/.exec(document.querySelector('.count-line')?.textContent ?? '')?.[1]?.replaceAll(',', ''),
    );
  const frame = (): Promise<number> => new Promise(resolve => requestAnimationFrame(resolve));
  let longest = 0;
  let drawn = 0;
  let before = await frame();
  for (let moved = before; loaded() < wanted && before - moved < patienceMs;) {
    const top = scroller.scrollTop;
    scroller.scrollTop += scroller.clientHeight;
    const now = await frame();
    longest = Math.max(longest, now - before);
    before = now;
    drawn = Math.max(drawn, document.querySelectorAll('.event-row').length);
    if (scroller.scrollTop !== top) moved = now;
  }
  return { rows: loaded(), longest, drawn };
}

export interface Effort {
  loads: number;
  clicks: number;
  rows: number;
}

/** Measures the page of a server. */
export async function measure(browser: Browser, url: string, effort: Effort): Promise<Figures> {
  const [paints, script_bytes] = await firstPaints(browser, url, effort.loads);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const clicks = await facetClicks(page, url, effort.clicks);
  const { rows, longest, drawn } = await scroll(page, url, effort.rows);
  const { events } = (await (await fetch(`${url}/api/status`)).json()) as { events: number };
  await page.close();
  return {
    events,
    first_paint: median(paints),
    facet_click: median(clicks),
    facet_click_worst: Math.max(...clicks),
    rows_scrolled: rows,
    longest_frame: longest,
    rows_drawn: drawn,
    script_bytes,
  };
}
