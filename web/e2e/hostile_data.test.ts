import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accountOf, fill, found, idOf, idsLike, kResource, kSession, save } from './hostile_logs';
import { kPayloads } from './payloads';
import { Program } from './program';
import { served } from './served';
import { foreignIn, tour, type Seen, type Stop } from './tour';
import { watchedPage } from './watched_page';

const where = served(async () => {
  const program = await Program.over({ fill, serve: ['--push', 'ingest'] });
  await save(program.url);
  return program;
});

/** So high that nothing of a list is left out for being out of sight. */
const kTall = { width: 1400, height: 6000 };
const kWindow = { width: 1400, height: 900 };

/** Loads a state of the page, and fails when anything happened that must not by the end of `what`. */
async function visit(search: string, what: (page: Page) => Promise<void>, size = kTall): Promise<void> {
  const { page, faults } = await watchedPage(where.browser, where.program.url);
  await page.setViewportSize(size);
  await page.goto(`${where.program.url}/${search}`);
  await what(page);
  expect(await foreignIn(page)).toEqual([]);
  await page.close();
  expect(faults).toEqual([]);
}

async function expectClean(page: Page, stops: readonly Stop[]): Promise<Seen[]> {
  const seen = await tour(page, stops);
  expect(seen.flatMap(one => one.foreign)).toEqual([]);
  return seen;
}

/** Clicks all buttons of the name, however many there are. */
async function clickAll(page: Page, name: string | RegExp): Promise<void> {
  const buttons = page.getByRole('button', { name });
  await buttons.evaluateAll(all => all.forEach(one => (one as HTMLElement).click()));
}

const all = kPayloads.length;

/** The state in which the event of a payload is all there is. */
function eventAlone(number: number): string {
  const time = new Date(Date.UTC(2021, 6, 1, number));
  const [from, to] = [time, new Date(time.getTime() + 1000)].map(one => one.toISOString());
  return `?${new URLSearchParams({ from: from as string, to: to as string, event: idOf(number) })}`;
}

const kTab = '.event-bar .segmented button';
const kFilter = '.leaves [aria-label^="Filter for userIdentity.userName: "]';

describe('hostile data', () => {
  it('is a hundred payloads', () => expect(new Set(kPayloads).size).toBeGreaterThanOrEqual(100));

  it('is text in lists, facets and the histogram, split by it', () =>
    visit('', async page => {
      await page
        .locator('.event-row')
        .nth(all - 1)
        .waitFor();
      await clickAll(page, /^more of /);
      await page
        .locator('.facet')
        .filter({ has: page.locator('.facet-value').nth(40) })
        .first()
        .waitFor();
      const splits = ['event_outcome', 'event_name', 'account_name'];
      await expectClean(
        page,
        splits.map(split => ({ search: `?split=${split}`, seen: '.event-row' })),
      );
    }));

  it('is text in each event, its leaves, its tree, its bytes and what is around, and finds it by a click', () =>
    visit(
      '',
      async page => {
        const stops = kPayloads.map((_, number) => ({
          search: eventAlone(number),
          seen: '.leaves',
          text: accountOf(number),
          clicks: [2, 3, 4, 1].map(tab => `${kTab}:nth-child(${tab})`).concat(kFilter),
        }));
        const seen = await expectClean(page, stops);
        const finds = await Promise.all(seen.map(({ q }) => found(where.program.url, q)));
        expect(finds).toEqual(kPayloads.map((_, number) => idsLike(number)));
      },
      kWindow,
    ));

  it('is text in queries, conditions, errors and the title, from the URL', () =>
    visit(
      '',
      async page => {
        const members = ['q', 'off', 'from', 'cols', 'sort', 'split', 'tz', 'view', 'event'];
        const stops = kPayloads.flatMap(payload => {
          const text = encodeURIComponent(payload.slice(0, 500));
          const everywhere = members.map(member => `${member}=${text}`).join('&');
          return [`?${everywhere}`, `?q=actor:x+and+${text}`].map(search => ({ search }));
        });
        await expectClean(page, stops);
      },
      kWindow,
    ));

  it('is text in the session that it was done in', () =>
    visit(`?session=${kSession}`, async page => {
      await page
        .locator('.timeline tbody tr')
        .nth(all - 1)
        .waitFor();
      await clickAll(page, / more$/);
    }));

  it('is text in the life of what it changed', () =>
    visit(`?resource=${encodeURIComponent(kResource)}`, page =>
      page
        .locator('.life > li')
        .nth(all - 1)
        .waitFor(),
    ));

  it('is text where it names a session or a resource that is not there', () =>
    visit(
      '',
      async page => {
        const stops = kPayloads.flatMap(payload => {
          const text = encodeURIComponent(payload.slice(0, 500));
          return [
            { search: `?session=${text}`, seen: '.session[aria-busy=false]' },
            { search: `?resource=${text}`, seen: '.resource > [aria-busy=false]' },
          ];
        });
        await expectClean(page, stops);
      },
      kWindow,
    ));

  it('is text on the page of ingest: names of objects, reasons and bytes', () =>
    visit('?view=ingest', async page => {
      await page.getByText(`of ${all} deliveries`).waitFor();
      await page.getByRole('button', { name: /entries$/ }).click();
      await page.getByText(`${all} of ${all} entries`).waitFor();
      await clickAll(page, 'Bytes');
      await page
        .getByLabel('First bytes')
        .nth(all - 1)
        .waitFor();
    }));

  it('is text on the page of integrity: names of files, accounts and regions', () =>
    visit('?view=integrity', async page => {
      for (const state of ['tampered', 'missing', 'unverified', 'verified']) {
        await page.getByRole('button', { name: new RegExp(` ${state} \\d`) }).click();
        await page
          .locator('.file-list li')
          .nth(Math.floor(all / 4) - 1)
          .waitFor();
        expect(await foreignIn(page)).toEqual([]);
      }
      // Each payload has an hour, and a row of the map: two days of them are drawn at a time.
      const stops = Array.from({ length: Math.ceil(all / 48) }, (_, part) => {
        const day = new Date(Date.UTC(2021, 6, 1 + 2 * part)).toISOString().slice(0, 10);
        const to = new Date(Date.UTC(2021, 6, 3 + 2 * part)).toISOString().slice(0, 10);
        return {
          search: `?view=integrity&from=${day}&to=${to}`,
          seen: '#coverage-title ~ p',
          text: `${day} 00:00:00 –`,
        };
      });
      await expectClean(page, stops);
    }));

  it('is text in what an IAM policy leaves out', () =>
    visit('', async page => {
      await page.locator('.event-row').first().waitFor();
      await page.keyboard.press('e');
      await page.getByRole('button', { name: 'Policy that allows these calls' }).click();
      // A few could be the name of an action, and stand in the policy.
      const left = page.locator('.call-list tbody tr');
      await expect.poll(() => left.count()).toBeGreaterThan(all - 10);
    }));

  it('is text in the names of saved searches and what they ask', () =>
    visit('?view=saved', page =>
      page
        .locator('.saved')
        .nth(all - 1)
        .waitFor(),
    ));

  it('is text where it explains why nothing is found', () =>
    visit('', async page => {
      const clauses = kPayloads.map(payload => `event_name:${JSON.stringify(payload.slice(0, 200))}`);
      const halves = [clauses.slice(0, all / 2), clauses.slice(all / 2)];
      const searches = halves.map(
        half => `?q=${encodeURIComponent(`actor:nobody and ${half.join(' and ')}`)}`,
      );
      await expectClean(
        page,
        searches.map(search => ({ search, seen: '.explain-table' })),
      );
      expect(await page.locator('.explain-table tbody tr').count()).toBeGreaterThanOrEqual(all / 2);
    }));
});

it('would notice script', async () => {
  const { page, faults } = await watchedPage(where.browser, where.program.url);
  await page.goto(where.program.url);
  await expect(
    page.evaluate(() => (document.body.innerHTML = '<img src=x onerror=alert(1)>')),
  ).rejects.toThrow('Trusted');
  await page.evaluate(() =>
    document.body.append(Object.assign(document.createElement('img'), { src: '//198.51.100.1/x' })),
  );
  await expect.poll(() => faults.filter(fault => fault.includes('198.51.100.1')).length).toBeGreaterThan(0);
  expect(await foreignIn(page)).toContainEqual(expect.stringContaining('<img'));
  await page.close();
});
