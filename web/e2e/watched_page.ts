import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's Chromium, headless. Root needs it without its own sandbox. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** What a page did that it must never do. */
export interface Watch {
  page: Page;
  /** Dialogs, errors, complaints about its policy, and requests to anywhere else. */
  faults: string[];
}

/** How long something may take to appear: far longer than it does, for a machine that is slow and busy. */
export const kPatienceMs = 60_000;

/** A page of its own, whose every fault is kept. */
export async function watchedPage(browser: Browser, url: string): Promise<Watch> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(kPatienceMs);
  const faults: string[] = [];
  page.on('dialog', dialog => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', error => faults.push(`error: ${error.message}`));
  page.on('console', message => {
    // A refusal of the server is one of the journeys; the browser tells of its status by itself.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (!isRefusal && /error|warning/.test(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on('request', request => {
    if (!request.url().startsWith(`${url}/`)) faults.push(`request: ${request.url()}`);
  });
  return { page, faults };
}

/** What stands in the search bar, whether its editor is there yet or not. */
export function queryText(page: Page): Promise<string> {
  return page.locator('#query').evaluate(field => {
    if (field instanceof HTMLInputElement) return field.value;
    const lines = [...field.querySelectorAll('.cm-line')];
    return lines.map(line => line.textContent).join('\n');
  });
}
