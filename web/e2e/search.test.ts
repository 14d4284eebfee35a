import { expect, it } from 'vitest';
import { Program, record } from './program';
import { served, watched } from './served';
import { queryText } from './watched_page';

/** 120 events: every fourth a denied CreateUser by mallory, the others GetObject by alice. */
function records() {
  return Array.from({ length: 120 }, (_, number) =>
    number % 4 === 0
      ? record(number, {
          userIdentity: { type: 'IAMUser', userName: 'mallory' },
          eventSource: 'iam.amazonaws.com',
          eventName: 'CreateUser',
          errorCode: 'AccessDenied',
        })
      : record(number),
  );
}

const where = served(() => Program.overRecords(records()));
const watch = watched(where);

const countLine = (): Promise<string | null> => watch.now.page.locator('.count-line').textContent();

it('shows the newest events first', async () => {
  const { page } = watch.now;
  await page.goto(where.program.url);
  await page.waitForSelector('.event-row');
  expect(await countLine()).toMatch(/^100 of 120 events/);
  const first = await page.locator('.event-row').first().locator('td').allTextContents();
  expect(first.slice(0, 4)).toEqual(['2021-07-05 23:00:00', 'alice', 'GetObject', 's3']);
  const isMarked = await page
    .locator('.event-row')
    .evaluateAll(rows =>
      rows.map(row => [row.textContent?.includes('mallory'), row.querySelector('.sign.denied') !== null]),
    );
  expect(isMarked).toContainEqual([true, true]);
  for (const [isMallory, isDenied] of isMarked) expect(isDenied).toBe(isMallory);
});

it('keeps the query in the URL, and goes back', async () => {
  const { page } = watch.now;
  await page.goto(where.program.url);
  await page.locator('#query').fill('event_name:CreateUser');
  await page.locator('#query').press('Enter');
  await page.locator('.count-line', { hasText: 'of 30 events' }).waitFor();
  expect(new URL(page.url()).search).toBe('?q=event_name:CreateUser');
  await page.goBack();
  await page.locator('.count-line', { hasText: 'of 120 events' }).waitFor();
  await expect.poll(() => queryText(page)).toBe('');
});

it('includes and excludes by a click', async () => {
  const { page } = watch.now;
  await page.goto(where.program.url);
  await page.locator('.facet-value', { hasText: 'mallory' }).click();
  await page.locator('.count-line', { hasText: 'of 30 events' }).waitFor();
  await expect.poll(() => queryText(page)).toBe('actor:mallory');
  expect(await page.locator('.facet-value', { hasText: 'alice' }).textContent()).toBe('alice90');
  await page.locator('.facet-value', { hasText: 'mallory' }).hover();
  await page.getByRole('button', { name: 'Exclude Actor mallory' }).click();
  await page.locator('.count-line', { hasText: 'of 90 events' }).waitFor();
  await expect.poll(() => queryText(page)).toBe('not actor:mallory');
});

it('says what is wrong, and where', async () => {
  const { page } = watch.now;
  await page.goto(`${where.program.url}/?q=alice+and+nosuchfield:x`);
  await page.locator('.failure').waitFor();
  expect(await page.locator('.failure').textContent()).toContain('nosuchfield');
  expect(await page.locator('.caret').textContent()).toBe('alice and nosuchfield:x\n          ^^^^^^^^^^^');
});
