import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kStates } from './page_states';
import { generate, Program } from './program';
import { verifyTree } from './signed_logs';
import { deliver, nameAccounts } from './stories';
import { kPatienceMs, openBrowser } from './watched_page';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const kOfColour = ['color-contrast', 'link-in-text-block'];

/** Pictures of the page's states, to be looked at. */
const kPictures = fileURLToPath(new URL('../../build/pictures', import.meta.url));

let program: Program;
let empty: Program;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(kPictures, { recursive: true });
  const fill = (logs: string, data: string): void => {
    generate(3000, logs);
    deliver(logs);
    nameAccounts(data);
    verifyTree(logs, data, files => {
      const inJune = files.filter(file => file.includes('/2024/06/1'));
      return { tampered: inJune[0] as string, missing: inJune[30] as string };
    });
  };
  [program, empty, browser] = await Promise.all([Program.over({ fill }), Program.over({}), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([program?.stop(), empty?.stop()]);
});

/** What axe finds by some rules, or those of some tags, as one line each: rule, and where. */
async function violations(page: Page, runOnly: readonly string[]): Promise<string[]> {
  const { violations: found } = await page.evaluate(
    only =>
      (window as unknown as { axe: { run: (o: unknown) => Promise<AxeResults> } }).axe.run({
        runOnly: only,
        resultTypes: ['violations'],
      }),
    runOnly,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 200)}`));
}

/** How much wider than the window the page is. */
function excess(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

const kWide = { width: 1440, height: 900 };
const kPhone = { width: 390, height: 844 };
/** What is left of `kWide` when everything is twice as large. */
const kTwice = { width: 720, height: 450 };

describe.each([
  ['wide', kWide],
  ['phone', kPhone],
] as const)('%s', (size, viewport) => {
  it.each(kStates.map(state => [state.name, state] as const))('%s', async (name, state) => {
    // axe is script that the page's policy would refuse.
    const context = await browser.newContext({
      bypassCSP: true,
      viewport,
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(kPatienceMs);
    const picture = (theme: string): Promise<Buffer> =>
      page.screenshot({ path: join(kPictures, `${name}-${size}-${theme}.png`) });
    try {
      await state.show(page, (state.isEmpty ? empty : program).url);
      await picture('light');
      await page.evaluate(kAxe);
      expect(await violations(page, kRules)).toEqual([]);
      await expect.poll(() => excess(page)).toBe(0);
      // A theme changes colours alone, so only what concerns them is looked at again.
      await page.emulateMedia({ colorScheme: 'dark' });
      await picture('dark');
      expect(await violations(page, kOfColour)).toEqual([]);
      if (size === 'phone') return;
      await page.setViewportSize(kTwice);
      await expect.poll(() => excess(page)).toBe(0);
      await picture('twice');
    } finally {
      await context.close();
    }
  });
});
