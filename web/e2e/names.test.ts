import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program, record } from './program';
import { opener, served } from './served';
import { deliver, kHome } from './stories';

const kLong = `arn:aws:iam::${kHome}:role/service-role/${'a-long-name-of-a-role-'.repeat(5)}the-end`;
const kMiddling = `arn:aws:iam::${kHome}:user/build-agent`;

const kRecords = [kLong, kMiddling].map((arn, number) =>
  record(number, {
    userIdentity: { type: 'AssumedRole', arn, accountId: kHome },
    recipientAccountId: kHome,
  }),
);

const openPage = opener(served(() => Program.over({ fill: logs => deliver(logs, kRecords) })));

/** Whether nothing of what an element holds is cut off, by itself or by what it is in. */
function isWhole(element: Locator): Promise<boolean> {
  return element.evaluate(one => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const text = range.getBoundingClientRect();
    const boxes: Element[] = [];
    for (let box: Element | null = one; box && !box.matches('.facets, .list-scroll'); box = box.parentElement)
      boxes.push(box);
    return boxes.every(box => {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      return text.left > left - 1 && text.right < right + 1 && text.top > top - 1 && text.bottom < bottom + 1;
    });
  });
}

/** The window as it is, as on a phone, and as it is at 200 %. */
const kSizes = [
  { width: 1400, height: 900 },
  { width: 390, height: 844 },
  { width: 700, height: 450 },
];

describe.each(kHands)('%s', (_, handOf) => {
  it('reads the ends of long values, and all of them', async () => {
    const view = await openPage(handOf);
    await view.press('Add a facet');
    await view.hand.press(view.dialog.getByRole('button', { name: 'user_identity_arn', exact: true }));
    const facet = view.facet('user_identity_arn');
    const [long, middling] = ['the-end', 'user/build'].map(text =>
      facet.locator('.facet-text', { hasText: text }),
    ) as [Locator, Locator];
    await long.waitFor();
    expect(await middling.textContent()).toBe(kMiddling);
    expect(await long.textContent()).toMatch(/^arn:aws:iam::1….*the-end$/);
    await view.press('in full: values of user_identity_arn');
    await expect.poll(() => long.textContent()).toBe(kLong);
    expect(await view.queryText()).toBe('');
    for (const size of kSizes) {
      await view.page.setViewportSize(size);
      const toggle = view.page.locator('.facets-toggle[aria-expanded=false]');
      if (await toggle.isVisible()) await toggle.click();
      for (const text of [long, middling]) expect(await isWhole(text)).toBe(true);
    }
    await view.press('shorter: values of user_identity_arn');
    await expect.poll(() => long.textContent()).toContain('…');
  });

  it('reads all names of the fields that may be facets', async () => {
    const view = await openPage(handOf);
    await view.press('Add a facet');
    const names = view.page.locator('.field-picker .menu-list button');
    await names.first().waitFor();
    const cut = await names.evaluateAll(all =>
      all.filter(one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1),
    );
    expect(cut).toEqual([]);
  });

  it('reads what is beside the actions of a value, which do not hide it', async () => {
    const view = await openPage(handOf);
    const value = view.facet('Account id').locator('.facet-value').first();
    await view.hand.press(value);
    await view.asked(`recipient_account_id:${kHome}`);
    const [text, actions] = await Promise.all([
      value.locator('.facet-text').boundingBox(),
      view.facet('Account id').locator('.facet-actions').first().boundingBox(),
    ]);
    expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual(actions?.x ?? 0);
  });
});

it.each(kSizes)('tells all of the names of objects in a window of %j', async size => {
  const view = await openPage(kHands[0]![1], '?view=ingest');
  await view.page.setViewportSize(size);
  const objects = view.page.locator('.list .object');
  await objects.first().waitFor();
  for (const object of await objects.all()) {
    expect(await object.textContent()).toMatch(/\/logs\/AWSLogs\/.*\.json\.gz$/);
    expect(await isWhole(object)).toBe(true);
  }
});
