import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program, record, type LogRecord } from './program';
import { opener, served } from './served';

const kEvents = 650;

/** One change an hour of the same bucket, each of another tag. */
function changes(): LogRecord[] {
  return Array.from({ length: kEvents }, (_, hour) =>
    record(hour, {
      eventName: 'PutBucketTagging',
      readOnly: false,
      requestParameters: { bucketName: 'reports', tag: `tag-${hour}` },
    }),
  );
}

const openPage = opener(served(() => Program.overRecords(changes())));

describe.each(kHands)('%s', (_, handOf) => {
  it('reads all of a life, each change beside what was before it', async () => {
    const view = await openPage(handOf, '?q=event_name:PutBucketTagging');
    await view.page.evaluate(() => {
      history.pushState(null, '', '?resource=reports');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    const changed = view.page.locator('.life > li');
    const foot = (text: string): Promise<void> => view.page.getByText(`${text} of 650 changes`).waitFor();
    await foot('300');
    await view.press('More changes');
    await foot('600');
    await view.press('More changes');
    await foot('650');
    expect(await changed.count()).toBe(kEvents);
    expect(await view.button('More changes').count()).toBe(0);
    const told = async (at: number): Promise<string[]> =>
      changed.nth(at).locator('.life-changes tbody :is(th, td)').allTextContents();
    for (const at of [299, 300, 600, 649]) {
      expect(await told(at)).toEqual(['tag', `tag-${at - 1}`, `tag-${at}`]);
    }
  });

  it('tries again where a page does not come', async () => {
    const view = await openPage(handOf, '?q=event_name:PutBucketTagging');
    await view.page.evaluate(() => {
      history.pushState(null, '', '?resource=reports');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await view.button('More changes').waitFor();
    await view.page.route('**/api/search', route => route.abort());
    await view.press('More changes');
    await view.page.locator('.resource .failure').waitFor();
    await view.page.unroute('**/api/search');
    await view.press('Try again');
    await view.page.getByText('600 of 650 changes').waitFor();
  });
});
