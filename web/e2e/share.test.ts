import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program } from './program';
import { opener, served } from './served';
import { deliver } from './stories';
import type { View } from './view';

const openPage = opener(served(() => Program.over({ fill: logs => deliver(logs) })));

describe.each(kHands)('%s', (_, handOf) => {
  let view: View;
  const open = async (search = ''): Promise<void> => {
    view = await openPage(handOf, search);
  };
  const clipboard = (): Promise<string> => view.page.evaluate(() => navigator.clipboard.readText());

  it('saves a search under a name, opens it again and deletes it', async () => {
    await open('?q=event_name:ConsoleLogin+and+actor:eve&sort=event_time+asc');
    await view.counted(6);
    await view.press('Save this search (s)');
    await view.hand.write(view.dialog.getByLabel('Name'), 'Failed <b>logins');
    await view.page.keyboard.press('Enter');
    await view.dialog.waitFor({ state: 'detached' });
    await view.press('Save this search (s)');
    await view.hand.write(view.dialog.getByLabel('Name'), 'Failed <b>logins');
    await view.page.keyboard.press('Enter');
    await view.press('Replace it');
    await view.dialog.waitFor({ state: 'detached' });
    await view.search('');
    await view.hand.press(view.page.getByRole('link', { name: 'Saved', exact: true }));
    await view.hand.press(view.page.getByRole('link', { name: 'Failed <b>logins' }));
    await view.counted(6);
    expect(new URL(view.page.url()).searchParams.get('sort')).toBe('event_time asc');
    await view.hand.press(view.page.getByRole('link', { name: 'Saved', exact: true }));
    await view.press('Delete Failed <b>logins');
    await view.press('Delete');
    await view.page.getByText('None yet.').waitFor();
  });

  it('shortens a long link, which finds the same in another browser', async () => {
    const names = Array.from({ length: 120 }, (__, at) => `actor:somebody-${at}-of-many`);
    await open();
    await view.search(`event_name:ConsoleLogin and (actor:eve or ${names.join(' or ')})`);
    await view.counted(6);
    await view.page.waitForURL(/\?link=[a-z2-7]+$/);
    const link = new URL(view.page.url()).search;
    await view.close();
    await open(link);
    await view.counted(6);
    await view.search('event_name:RunInstances');
    await view.counted(1);
    await view.page.goBack();
    await view.counted(6);
  });

  it('exports the shown columns and the original records', async () => {
    await open('?q=event_name:StopInstances&cols=actor,event_name');
    await view.counted(1);
    for (const [name, expected] of [
      ['CSV of the shown columns', /^actor,event_name\r\ncarol,StopInstances\r\n$/],
      ['Original records, one a line', /^\{"eventVersion":"1.09".*"eventName":"StopInstances".*\}\n$/],
    ] as const) {
      await view.press('Export and share (e)');
      const download = view.page.waitForEvent('download');
      await view.hand.press(view.dialog.getByRole('link', { name }));
      expect(readFileSync(await (await download).path(), 'utf8')).toMatch(expected);
      await view.page.keyboard.press('Escape');
      await view.dialog.waitFor({ state: 'detached' });
    }
  });

  it('copies the query in other languages, and the link with fixed times', async () => {
    await open('?q=event_name:StopInstances&from=now-24h');
    await view.counted(1);
    await view.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await view.press('Export and share (e)');
    for (const [name, expected] of [
      ['curl', /^curl .*\/api\/search/],
      ['Athena SQL', /^SELECT \* FROM cloudtrail_logs WHERE .*stopinstances/i],
      ['Sigma rule', /eventName/],
      ['EventBridge pattern', /"detail-type": .*"suffix":" via CloudTrail"/s],
    ] as const) {
      await view.press(`Copy as ${name}`);
      await expect.poll(clipboard).toMatch(expected);
    }
    await view.press('Copy it with fixed times');
    await expect.poll(clipboard).toMatch(/&from=\d{4}-\d\d-\d\dT.*&to=\d{4}-/);
  });

  it('says which of the languages cannot ask the query', async () => {
    await open('?q=event_name:StopInstances+and+actor:carol');
    await view.counted(1);
    await view.press('Export and share (e)');
    const row = view.dialog.locator('.translation', { hasText: 'EventBridge pattern' });
    await row.getByText(/actor/).waitFor();
    expect(await view.button('Copy as EventBridge pattern').isDisabled()).toBe(true);
  });

  it('writes a policy that allows the calls, once it is asked for', async () => {
    await open('?q=actor:alice');
    await view.listed('PutBucketPolicy', 'CreateBucket');
    await view.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const asked: string[] = [];
    view.page.on('request', request => asked.push(new URL(request.url()).pathname));
    await view.press('Export and share (e)');
    await view.dialog.locator('.translation pre').first().waitFor();
    expect(asked).not.toContain('/api/policy');
    await view.press('Policy that allows these calls');
    await view.dialog.getByText(/^From \d+ calls\.$/).waitFor();
    const denied = view.dialog.getByRole('region', { name: 'Denied, and not in the policy' });
    await expect.poll(() => denied.textContent()).toContain('s3.amazonaws.comPutBucketPolicy1');
    await view.press('Copy the policy');
    await expect.poll(clipboard).toContain('"s3:DeleteBucket"');
    const policy = JSON.parse(await clipboard()) as { Version: string };
    expect(policy.Version).toBe('2012-10-17');
    expect(JSON.stringify(policy)).not.toContain('s3:PutBucketPolicy');
  });

  it('says why a policy cannot be written, and tries again', async () => {
    await open('?q=actor:alice');
    await view.listed('CreateBucket');
    await view.page.route('**/api/policy', route =>
      route.fulfill({ status: 413, json: { error: { code: 'timeout', message: 'that took too long' } } }),
    );
    await view.press('Export and share (e)');
    await view.press('Policy that allows these calls');
    await view.dialog.getByRole('alert').getByText('that took too long').waitFor();
    await view.page.unroute('**/api/policy');
    await view.press('Policy that allows these calls');
    await view.press('Policy that allows these calls');
    await view.dialog.getByText(/^From \d+ calls/).waitFor();
  });

  it('gives up a policy that nobody waits for', async () => {
    await open('?q=actor:alice');
    await view.listed('CreateBucket');
    await view.page.route('**/api/policy', () => undefined);
    await view.press('Export and share (e)');
    const sent = view.page.waitForRequest('**/api/policy');
    await view.press('Policy that allows these calls');
    await view.dialog.getByText('Reading the calls…').waitFor();
    await sent;
    const aborted = view.page.waitForEvent('requestfailed', request => request.url().endsWith('/api/policy'));
    await view.page.keyboard.press('Escape');
    expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED');
  });
});
