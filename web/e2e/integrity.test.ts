import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program, record, type LogRecord } from './program';
import { opener, served } from './served';
import { verifyTree, type Harm } from './signed_logs';
import { deliver, kHome, kOther, nameAccounts } from './stories';
import type { View } from './view';

/** Three days in three places; nothing came of the other account on the second. */
const kPlaces = [
  [kHome, 'us-east-1', [1, 2, 3, 4]],
  [kHome, 'eu-west-1', [1, 3]],
  [kOther, 'us-east-1', [1, 3, 4]],
] as const;

function recordsOf(account: string, awsRegion: string, day: number): LogRecord[] {
  return [0, 1].map(number =>
    record(24 * (day - 1) + number, {
      eventID: `${account} ${awsRegion} ${day} ${number}`,
      awsRegion,
      recipientAccountId: account,
    }),
  );
}

const kRecords = kPlaces.flatMap(([account, region, days]) =>
  days.flatMap(day => recordsOf(account, region, day)),
);

let harm: Harm;
const openPage = opener(
  served(() =>
    Program.over({
      fill: (logs, data) => {
        deliver(logs, kRecords);
        nameAccounts(data);
        const find = (files: readonly string[], part: string): string =>
          files.find(file => file.includes(part)) as string;
        harm = verifyTree(logs, data, files => ({
          tampered: find(files, `${kHome}/CloudTrail/us-east-1/2021/07/02`),
          missing: find(files, `${kOther}/CloudTrail/us-east-1/2021/07/03`),
        }));
      },
    }),
  ),
);

describe.each(kHands)('%s', (_, handOf) => {
  let view: View;
  const open = async (search = ''): Promise<void> => {
    view = await openPage(handOf, search);
  };
  const cell = (row: string | RegExp, name: string | RegExp) =>
    view.page.getByRole('row', { name: row }).getByRole('gridcell', { name });
  const link = (row: string | RegExp, name: string | RegExp) =>
    view.page.getByRole('row', { name: row }).getByRole('link', { name });

  it('counts the files that were verified, and lists those that are wrong', async () => {
    await open();
    await view.hand.press(view.page.getByRole('link', { name: 'Integrity', exact: true }));
    await view.page.getByText('! 1 file tampered with').waitFor();
    await view.page.getByText('∅ 1 file missing').waitFor();
    const list = view.page.getByRole('list', { name: 'Files' });
    await list.getByText(basename(harm.tampered)).waitFor();
    await view.press(/missing 1$/);
    await list.getByText(basename(harm.missing)).waitFor();
    await view.press(/tampered 1$/);
    await view.hand.press(list.getByRole('link', { name: new RegExp(basename(harm.tampered)) }));
    await view.counted(2);
    await expect.poll(() => view.queryText()).toContain(basename(harm.tampered));
  });

  it('leads from a cell of the map to its events', async () => {
    await open('?view=integrity&from=2021-07-01&to=2021-07-05');
    await view.hand.press(link(/Home us-east-1/, /^2 events tampered, 2021-07-02 00:00:00/));
    await view.counted(2);
    await view.asked(`recipient_account_id:${kHome} and aws_region:us-east-1 and integrity:tampered`);
    await view.page.goBack();
    await view.hand.press(link(/Home eu-west-1/, /^2 events verified, 2021-07-01 00:00:00/));
    await view.counted(2);
  });

  it('tells what did not happen from what was not delivered, and from what is missing', async () => {
    await open('?view=integrity&from=2021-07-01&to=2021-07-05');
    await cell(/Home eu-west-1/, /^no events, though .*, 2021-07-02 00:00:00/)
      .first()
      .waitFor();
    await cell(/Production us-east-1/, /^nothing of the account was delivered, 2021-07-02 00:00:00/)
      .first()
      .waitFor();
    await cell(/Production us-east-1/, /^1 file missing, 0 events, 2021-07-03/).waitFor();
    await link(/Production us-east-1/, /^2 events unverified, 2021-07-04/).waitFor();
  });

  it('says in words what a cell is that the hand is at', async () => {
    await open('?view=integrity&from=2021-07-01&to=2021-07-05');
    const target = link(/Home us-east-1/, /^2 events tampered/);
    await target.hover();
    const detail = view.page.locator('.coverage-detail');
    await detail.getByText(`Home ${kHome}`).waitFor();
    await target.focus();
    await view.page.keyboard.press('Home');
    await detail.getByText('2 events verified').waitFor();
    await view.page.keyboard.press('ArrowUp');
    await detail.getByText('eu-west-1').waitFor();
    expect(await view.page.locator('.coverage [tabindex="0"]').count()).toBe(1);
  });

  it('goes to the pages by single keys, and back', async () => {
    await open();
    await view.counted(kRecords.length - 2);
    await view.page.keyboard.press('v');
    await view.page.getByRole('heading', { name: 'Coverage' }).waitFor();
    await view.page.keyboard.press('v');
    await view.rows.first().waitFor();
    await view.page.keyboard.press('a');
    await view.page.getByRole('heading', { name: 'About' }).waitFor();
    await view.page.keyboard.press('a');
    await view.rows.first().waitFor();
  });

  it('chooses the times of the map', async () => {
    await open('?view=integrity');
    await view.page.locator('.coverage').waitFor();
    await view.press(/^Time range/);
    await view.hand.write(view.page.getByLabel('From', { exact: true }), '2021-07-01');
    await view.hand.write(view.page.getByLabel('To', { exact: true }), '2021-07-02');
    await view.page.keyboard.press('Enter');
    await link(/Home eu-west-1/, '1 event verified, 2021-07-01 01:00:00 – 2021-07-01 02:00:00').waitFor();
  });

  it('says how to verify where nothing was, and what is known since', async () => {
    await open();
    const nothing = { files: { verified: 0, unverified: 0, missing: 0, tampered: 0 }, list: [] };
    await view.page.route('**/api/integrity*', route => route.fulfill({ json: nothing }));
    await view.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await view.hand.press(view.page.getByRole('link', { name: 'Integrity', exact: true }));
    const command = 'trailsift verify s3://BUCKET/PREFIX --data DIR';
    await view.press(`Copy: ${command}`);
    await expect.poll(() => view.page.evaluate(() => navigator.clipboard.readText())).toBe(command);
    await view.page.unroute('**/api/integrity*');
    await view.press('Look again');
    await view.page.getByText('! 1 file tampered with').waitFor();
  });

  it('says what it cannot count, and what it cannot read', async () => {
    await open();
    const refused = { error: { code: 'internal', message: 'it is damaged' } };
    await view.page.route('**/api/stats', route => route.fulfill({ status: 500, json: refused }));
    await view.hand.press(view.page.getByRole('link', { name: 'Integrity', exact: true }));
    await view.page.getByText('! 1 file tampered with').waitFor();
    await view.page.getByRole('alert').getByText('it is damaged').waitFor();
  });

  it('tells what the server is, what it holds and what it takes', async () => {
    await open();
    await view.hand.press(view.page.getByRole('link', { name: 'About', exact: true }));
    const row = view.page.getByRole('row', { name: /query_time/ });
    await row.getByText('30 s').waitFor();
    await view.page
      .getByRole('row', { name: /query_bytes/ })
      .getByText('256 KiB')
      .waitFor();
    const store = view.page.getByRole('region', { name: 'Store' });
    await store.getByText(String(kRecords.length - 2), { exact: true }).waitFor();
    await view.press('Back to the search');
    await view.counted(kRecords.length - 2);
  });
});
