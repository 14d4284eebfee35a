import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program, record, type LogRecord } from './program';
import { opener, served } from './served';
import { deliver, kHome, kOther, nameAccounts } from './stories';
import type { View } from './view';

const kThird = '777788889999';
const kNoise = 700;

/** A copy of the action `shared` in an account; `hour` is where it stands in the list. */
function copy(hour: number, shared: string, account: string, members: LogRecord = {}): LogRecord {
  return record(hour, {
    eventID: `${shared}-${account}-${hour}`,
    eventName: 'AssumeRole',
    eventSource: 'sts.amazonaws.com',
    sharedEventID: shared,
    recipientAccountId: account,
    ...members,
  });
}

const kRecords: readonly LogRecord[] = [
  ...Array.from({ length: kNoise }, (_, hour) => record(hour, { recipientAccountId: kHome })),
  copy(900, 'pair', kHome),
  copy(900, 'pair', kOther),
  // Of the same id, and no copies: another action, another outcome, an account that is there already.
  copy(801, 'forged', kHome),
  copy(802, 'forged', kOther, { eventName: 'DeleteBucket' }),
  copy(803, 'forged', kOther, { errorCode: 'AccessDenied' }),
  copy(804, 'forged', kHome),
  // One that comes with the first page, and two far behind.
  copy(800, 'far', kHome),
  copy(1, 'far', kOther),
  copy(2, 'far', kThird),
];

const openPage = opener(
  served(() =>
    Program.over({
      fill: (logs, data) => {
        deliver(logs, kRecords);
        nameAccounts(data);
      },
    }),
  ),
);

describe.each(kHands)('%s', (_, handOf) => {
  let view: View;
  const open = async (search = ''): Promise<void> => {
    view = await openPage(handOf, search);
  };
  const said = (text: string): Promise<void> => view.page.locator('.count-line', { hasText: text }).waitFor();
  const opened = (): string | null => new URL(view.page.url()).searchParams.get('event');
  const others = (): ReturnType<View['button']> =>
    view.page.getByRole('navigation', { name: 'Copies in several accounts' });

  it('are one row, which tells of the accounts and leads to each copy', async () => {
    await open('?q=shared_event_id:pair');
    await view.counted(2);
    await said('2 of 2 events loaded in 1 row,');
    expect(await view.rows.count()).toBe(1);
    const [first, second] = (await view.rows.first().textContent())?.includes(`Production (${kOther})`)
      ? [kHome, kOther]
      : [kOther, kHome];
    await view.openEvent(view.rows.first());
    await expect.poll(opened).toBe(`pair-${first}-900`);
    await view.hand.press(others().getByRole('link', { name: new RegExp(`${second}`) }));
    await expect.poll(opened).toBe(`pair-${second}-900`);
    await view.page.locator('.leaves', { hasText: `pair-${second}-900` }).waitFor();
    expect(await others().locator('[aria-current]').textContent()).toContain(second);
    // The link stays, and the keyboard on it.
    expect(await view.page.evaluate(() => document.activeElement?.textContent)).toContain(second);
    expect(await view.page.locator('.event-row.open').count()).toBe(1);
    await view.page.keyboard.press('Escape');
    await expect.poll(opened).toBe(null);
    await view.page.locator('.event-row td:focus').waitFor();
  });

  it('are rows of their own on demand, which is kept', async () => {
    await open('?q=shared_event_id:pair');
    await said('in 1 row,');
    await view.press('One row for copies in several accounts');
    await expect.poll(() => view.rows.count()).toBe(2);
    await view.page.reload();
    await expect.poll(() => view.rows.count()).toBe(2);
    expect(await view.page.locator('.count-line').textContent()).not.toContain(' row');
    await view.openEvent(view.rows.first());
    await others().waitFor();
    await view.press('One row for copies in several accounts');
    await expect.poll(() => view.rows.count()).toBe(1);
    expect(await view.page.locator('.event-row.open').count()).toBe(1);
  });

  it('are nothing else of the same id', async () => {
    await open('?q=shared_event_id:forged');
    await view.counted(4);
    await expect.poll(() => view.rows.count()).toBe(4);
    expect(await view.page.locator('.copies').count()).toBe(0);
  });

  it('join the row of an earlier page, and all is still counted', async () => {
    await open();
    await said('100 of 709 events loaded in 99 rows');
    const row = view.rows.filter({ hasText: '2021-08-03 08:00:00' });
    await row.waitFor();
    expect(await row.locator('.copies').count()).toBe(0);
    await view.press(/^Load 709$/);
    await said('709 of 709 events loaded in 706 rows');
    await expect.poll(() => row.locator('.copies').textContent()).toContain('×3');
    expect(await row.locator('.copies').textContent()).toContain(`Production (${kOther}), `.slice(0, -2));
    expect(await view.page.locator('.event-table').getAttribute('aria-rowcount')).toBe('707');
    await view.page.keyboard.press('j');
    await view.page.keyboard.press('Control+End');
    // The last: the copies behind it are in a row far above.
    await view.page
      .locator('.event-row td:focus', { hasText: '2021-07-01 00:00:00' })
      .or(view.page.locator('.event-row:focus-within', { hasText: '2021-07-01 00:00:00' }))
      .first()
      .waitFor();
  });

  it('goes to a time among rows', async () => {
    await open();
    await view.press(/^Load 709$/);
    await said('in 706 rows');
    await view.press('Go to a time');
    await view.hand.write(view.dialog.getByLabel(/^Time, in/), '2021-07-01 03:00');
    await view.page.keyboard.press('Enter');
    await view.page
      .locator('.event-row:focus-within, .event-row', { hasText: '2021-07-01 03:00:00' })
      .first()
      .waitFor();
    expect(
      await view.page
        .locator('.event-row [tabindex="0"]')
        .first()
        .evaluate(cell => cell.closest('tr')?.textContent),
    ).toContain('2021-07-01 03:00:00');
  });

  it('opens the row of a copy that a link leads to', async () => {
    await open(`?q=shared_event_id:pair&event=pair-${kOther}-900`);
    await view.page.locator('.leaves', { hasText: `pair-${kOther}-900` }).waitFor();
    expect(await view.page.locator('.detail-row').count()).toBe(1);
    await open(`?q=shared_event_id:pair&event=pair-${kHome}-900`);
    await view.page.locator('.leaves', { hasText: `pair-${kHome}-900` }).waitFor();
    expect(await view.page.locator('.detail-row').count()).toBe(1);
  });
});

it('tell their accounts by a hover, and below the cell that has the keyboard, until Escape', async () => {
  const view = await openPage(kHands[0]![1], '?q=shared_event_id:pair');
  await view.counted(2);
  const sign = view.page.locator('.copies');
  expect(await sign.getAttribute('title')).toMatch(/^also in account (Home|Production) \(\d{12}\)$/);
  const told = sign.locator('.copies-told');
  const width = (): Promise<number> => told.evaluate(one => one.getBoundingClientRect().width);
  expect(await width()).toBeLessThan(2);
  await view.page.keyboard.press('j');
  await expect.poll(width).toBeGreaterThan(100);
  await view.page.keyboard.press('Escape');
  await expect.poll(width).toBeLessThan(2);
  await view.page.keyboard.press('ArrowRight');
  await view.page.keyboard.press('ArrowLeft');
  await expect.poll(width).toBeGreaterThan(100);
});
