import { expect, it } from 'vitest';
import { Program, record } from './program';
import { served, watched } from './served';
import { queryText } from './watched_page';

/** Six events in the first hours of July 2021, three of them by an actor whose name needs quotes. */
const kRecords = Array.from({ length: 6 }, (_, number) =>
  record(number * 4, { userIdentity: { type: 'IAMUser', userName: number % 2 ? 'al "ice"' : 'bob' } }),
);

const where = served(() => Program.overRecords(kRecords));
const watch = watched(where);

const isTotal = (total: number): Promise<void> =>
  watch.now.page.locator('.count-line', { hasText: new RegExp(`of ${total} events`) }).waitFor();

it('completes fields and values in the editor, under the policy of the page', async () => {
  const { page } = watch.now;
  await page.goto(where.program.url);
  await page.locator('.cm-content').waitFor();
  await page.keyboard.press('/');
  // At once, so that no list of an earlier letter is in the way.
  await page.keyboard.insertText('acto');
  await page
    .locator('.query-completion li', { hasText: /^actor/ })
    .first()
    .waitFor();
  await page.keyboard.press('Tab');
  await expect.poll(() => queryText(page)).toBe('actor:');
  await page.keyboard.insertText('al');
  const value = page.locator('.query-completion li', { hasText: 'al "ice"' });
  await value.waitFor();
  expect(await value.textContent()).toBe('al "ice"3');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect.poll(() => queryText(page)).toBe('actor:"al \\"ice\\""');
  await page.keyboard.press('Enter');
  await isTotal(3);
  // The styles of the editor came by its nonce, and the colours with them.
  expect(await page.locator('.cm-scroller').evaluate(one => getComputedStyle(one).display)).toBe('flex');
  expect(await page.locator('.query-string').textContent()).toBe('"al \\"ice\\""');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Enter');
  await isTotal(6);
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => queryText(page)).toBe('actor:"al \\"ice\\""');
});

it('shows all of each name that it completes, however narrow the window is', async () => {
  const { page } = watch.now;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(where.program.url);
  await page.locator('.cm-content').click();
  await page.keyboard.insertText('user_identity_');
  await page.locator('.query-completion li').nth(3).waitFor();
  const cut = await page.locator('.query-completion .cm-completionLabel').evaluateAll(labels => {
    const right = (of: Element): number => of.getBoundingClientRect().right;
    const isCut = (label: Element): boolean =>
      label.scrollWidth > label.clientWidth + 1 || right(label) > right(label.closest('ul') as Element);
    return labels.filter(isCut).map(label => label.textContent);
  });
  expect(cut).toEqual([]);
});

it('has what a part says of its look above what holds everywhere', async () => {
  const { page } = watch.now;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(where.program.url);
  const button = page.locator('.page-actions .icon-button').first();
  expect(await button.evaluate(one => getComputedStyle(one).minHeight)).toBe('28px');
});

it('goes on where one is writing when the editor comes', async () => {
  const { page } = watch.now;
  let release = (): void => undefined;
  const released = new Promise<void>(resolve => (release = resolve));
  await page.route(/\/assets\/editor-/, async route => {
    await released;
    await route.continue();
  });
  await page.goto(where.program.url);
  await page.locator('input#query').fill('actor:alice');
  for (let letter = 0; letter < 'alice'.length; letter++) await page.keyboard.press('Shift+ArrowLeft');
  release();
  await page.locator('.cm-content:focus').waitFor();
  await page.keyboard.insertText('bob');
  await expect.poll(() => queryText(page)).toBe('actor:bob');
});

it('does with a plain input where the editor cannot be loaded', async () => {
  const { page } = watch.now;
  await page.route(/\/assets\/editor-/, route => route.abort());
  const refused = page.waitForEvent('requestfailed');
  await page.goto(where.program.url);
  await refused;
  await page.locator('input#query').fill('actor:bob');
  await page.locator('input#query').press('Enter');
  await isTotal(3);
  watch.now.faults.splice(0);
});

it('asks right in the structured syntax, from facets and pills', async () => {
  const { page } = watch.now;
  // A text field among the facets, which is asked for in another way.
  await page.addInitScript(() =>
    localStorage.setItem('trailsift.facets', JSON.stringify(['actor', 'user_agent'])),
  );
  await page.goto(`${where.program.url}/?syntax=structured`);
  await page.locator('.facet-value', { hasText: 'al "ice"' }).click();
  await isTotal(3);
  await expect.poll(() => queryText(page)).toBe(`actor:'al "ice"'`);
  await page.locator('.facet-value', { hasText: 'aws-cli/2.9' }).click();
  await isTotal(3);
  await expect
    .poll(() => queryText(page))
    .toBe(`(and actor:'al "ice"' (wildcard field=user_agent 'aws-cli/2.9'))`);
  await page.getByRole('button', { name: /^Turn around: actor/ }).click();
  await page.locator('.pill-not').waitFor();
  await isTotal(3);
  await expect
    .poll(() => queryText(page))
    .toBe(`(and (not actor:'al "ice"') (wildcard field=user_agent 'aws-cli/2.9'))`);
});

it('zooms by dragging over the bars, and goes back by a double click', async () => {
  const { page } = watch.now;
  await page.goto(`${where.program.url}/?from=2021-07-01&to=2021-07-02`);
  await isTotal(6);
  await page.locator('.gap').first().waitFor();
  const box = await page.locator('.chart').boundingBox();
  if (!box) throw new Error('expected the chart to be in sight');
  await page.mouse.move(box.x + 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await isTotal(3);
  expect(new URL(page.url()).searchParams.get('from')).toBe('2021-07-01T00:00:00Z');
  await page.locator('.chart').dblclick({ position: { x: 5, y: 5 } });
  await isTotal(6);
  expect(new URL(page.url()).search).toBe('?from=2021-07-01&to=2021-07-02');
});
