import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program, record } from './program';
import { View } from './view';
import { openBrowser } from './watched_page';

let browser: Browser;
let program: Program;
let view: View;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});
afterEach(async () => {
  await view.page.close();
  await program.stop();
});

const kPush = ['--push', 'ingest'];
const records = (count: number): Promise<Program> =>
  Program.overRecords(Array.from({ length: count }, (_, number) => record(number)));

async function push(name: string, body: string): Promise<void> {
  const answer = await fetch(`${program.url}/ingest?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body,
  });
  expect(answer.status).toBe(200);
}

describe.each(kHands)('%s', (_, handOf) => {
  const open = async (search = ''): Promise<void> => {
    view = await View.open(browser, program.url, handOf, search);
  };

  it('tells at first how to index, and finds what was', async () => {
    program = await Program.over({ serve: kPush });
    await open();
    await view.page.getByText('Nothing is indexed yet').waitFor();
    await view.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await view.press('Copy: trailsift index logs --data DIR');
    await view.page.getByText('Copied the command').waitFor();
    expect(await view.page.evaluate(() => navigator.clipboard.readText())).toBe(
      'trailsift index logs --data DIR',
    );
    await push('one', JSON.stringify(record(1)));
    await view.press('Look again');
    await view.counted(1);
    expect(view.faults).toEqual([]);
  });

  it('keeps the last answer while the server is away, and asks again when it is back', async () => {
    program = await records(3);
    await open();
    await view.counted(3);
    await program.pause();
    await view.search('event_name:GetObject');
    await view.page.getByText('The server does not answer.').waitFor();
    expect(await view.rows.count()).toBe(3);
    // As while nobody looks: it would else ask by itself, and the button be gone before it is pressed.
    await view.page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden' }));
    await program.resume();
    await view.press('Try now');
    await view.page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    await view.counted(3);
  });

  it('shows at once that it searches, and gives up on demand', async () => {
    program = await records(3);
    await open();
    await view.counted(3);
    let release = (): void => undefined;
    const released = new Promise<void>(resolve => (release = resolve));
    await view.page.route('**/api/search', async route => {
      await released;
      await route.continue().catch(() => undefined);
    });
    const aborted = view.page.waitForEvent('requestfailed', request => request.url().endsWith('/api/search'));
    await view.search('actor:bob');
    await view.press(/^Cancel/);
    expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED');
    await view.page.getByText('The search was cancelled').waitFor();
    release();
    await view.page.unroute('**/api/search');
    await view.search('actor:alice');
    await view.counted(3);
    await view.page.getByText('The search was cancelled').waitFor({ state: 'detached' });
  });

  it('tells what to narrow when a search took too long', async () => {
    program = await Program.overGenerated(20_000);
    await open();
    await view.counted(20_000);
    await view.page.route('**/api/search', async route => {
      const body = route.request().postDataJSON() as { from?: string };
      const timeout = body.from ? {} : { timeout: '1ms' };
      await route.continue({ postData: JSON.stringify({ ...body, ...timeout }) });
    });
    await view.search('raw:(*e*t* or *a*i*) or requestParameters:*e*a*');
    await view.page.getByText('That took too long:').waitFor();
    await view.press('the last 24 hours');
    await view.page.getByText('No events match').waitFor();
    expect(new URL(view.page.url()).searchParams.get('from')).toBe('now-24h');
  });

  it('says that events come late, and where to look', async () => {
    program = await Program.over({ serve: kPush });
    await push('late', JSON.stringify(record(1)));
    await open();
    await view.page.getByText('Recent events may be missing').waitFor();
    await view.press('Show ingest');
    await view.page.getByText(/^Behind: events came/).waitFor();
    await view.page.getByText('Newest event until found').waitFor();
    expect(view.faults).toEqual([]);
  });

  it('reads the bytes of the quarantine, tries them again and gives them up', async () => {
    program = await Program.over({ serve: kPush });
    await push(
      'broken.json',
      `${JSON.stringify(record(1))}\n{"eventVersion": broken\n${JSON.stringify(record(2))}\n`,
    );
    await open('?view=ingest');
    await view.page.getByText('1 of 1 entries').waitFor();
    await view.press('Bytes');
    await view.page.getByLabel('First bytes').getByText('{"eventVersion": broken').waitFor();
    await view.press(/^Replay [0-9a-f]{6}/);
    await view.page.getByText(/^0 of 1 replayed/).waitFor();
    await view.press(/^Drop [0-9a-f]{6}/);
    await view.press('Keep');
    expect(await view.page.getByText('1 of 1 entries').count()).toBe(1);
    await view.press(/^Drop [0-9a-f]{6}/);
    await view.press('Drop');
    await view.page.getByText('1 dropped.').waitFor();
    await view.page.getByText('All that came was understood.').waitFor();
    expect(view.faults).toEqual([]);
  });
});

it('paints the shape of the page before the first answer', async () => {
  program = await records(1);
  const page = await browser.newPage();
  await page.route('**/api/search', () => undefined);
  await page.goto(program.url);
  await page.locator('.skeleton').waitFor();
  await page.close();
  view = await View.open(browser, program.url, kHands[0]![1]);
});
