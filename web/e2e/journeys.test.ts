import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program } from './program';
import { opener, served } from './served';
import { deliver, kInstance, kStories, nameAccounts, today, yesterday } from './stories';
import type { View } from './view';

const openPage = opener(
  served(() =>
    Program.over({
      fill: (logs, data) => {
        deliver(logs);
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

  // The five that the articles told of which asked for such a search first.
  it('finds who started an instance from its id', async () => {
    await open();
    await view.search(`"${kInstance}"`);
    await view.counted(3);
    await view.hand.press(view.facetValue('Event', 'RunInstances'));
    await view.counted(1);
    await view.listed('bob');
  });

  it('lists all that was created in the last day, log streams aside', async () => {
    await open();
    await view.press(/^Time range/);
    await view.press('Last 24 hours');
    await view.search('event_name:Create* and not event_name:CreateLogStream');
    await view.counted(3);
    await view.listed('CreateBucket', 'CreateUser', 'CreateTable');
  });

  it('shows only what people did, not services', async () => {
    await open();
    await view.hand.press(view.facetValue('Actor type', 'human'));
    const people = kStories.filter(
      one => (one['userIdentity'] as { type: string }).type !== 'AWSService',
    ).length;
    await view.counted(people);
    await view.asked('actor_type:human');
  });

  it('follows a role switch into the other account and lists what was done there', async () => {
    await open('?q=event_name:AssumeRole+and+actor:alice');
    await view.counted(2);
    await view.openEvent(view.rows.first());
    await view.hand.press(view.filterFor('responseElements.credentials.accessKeyId'));
    await view.counted(2);
    await view.search('user_identity_access_key_id:ASIAIOSFODNN7EXAMPLE');
    await view.counted(3);
    await view.listed('ListBuckets', 'DeleteBucket', 'PutBucketPolicy');
    expect(await view.facetValue('Account', 'Production').textContent()).toContain('3');
  });

  it("finds yesterday's events outside two regions", async () => {
    await open();
    await view.press(/^Time range/);
    await view.hand.write(view.page.getByLabel('From', { exact: true }), yesterday());
    await view.hand.write(view.page.getByLabel('To', { exact: true }), today());
    await view.page.keyboard.press('Enter');
    await view.search('not aws_region:(us-east-1 or eu-west-1)');
    await view.counted(3);
  });

  it('includes a value, and goes back', async () => {
    await open();
    await view.counted(kStories.length);
    await view.hand.press(view.facetValue('Service', 'signin'));
    await view.counted(7);
    await view.page.goBack();
    await view.counted(kStories.length);
    await view.asked('');
  });

  it('includes two values of a field', async () => {
    await open();
    await view.hand.press(view.facetValue('Service', 'signin'));
    await view.counted(7);
    await view.hand.press(view.facetValue('Service', 'iam.amazonaws'));
    await view.counted(8);
  });

  it('leaves a value out', async () => {
    await open('?q=event_name:ConsoleLogin');
    await view.counted(7);
    await view.press('Exclude Actor eve');
    await view.counted(1);
  });

  it('asks for one value only', async () => {
    await open('?q=actor:(alice+or+bob)');
    await view.press('Only Actor bob');
    await view.counted(3);
    await view.asked('actor:bob');
  });

  it('finds the events without a value', async () => {
    await open('?q=actor_type:human');
    const people = kStories.filter(one => (one['userIdentity'] as { type: string }).type !== 'AWSService');
    await view.hand.press(view.facetValue('Error', 'no value'));
    await view.counted(people.filter(one => !one['errorCode']).length);
  });

  it('clears what is selected of a field', async () => {
    await open('?q=actor:alice+and+event_name:CreateBucket');
    await view.counted(1);
    await view.press('Clear Actor');
    await view.counted(1);
    await view.asked('event_name:CreateBucket');
  });

  it('switches a condition off and on again', async () => {
    await open('?q=actor:alice+and+event_name:CreateBucket');
    await view.counted(1);
    await view.press('Switch off: actor:alice');
    await view.press('Switch on: actor:alice');
    await view.counted(1);
    await view.asked('event_name:CreateBucket and actor:alice');
  });

  it('turns a condition around', async () => {
    await open('?q=event_name:ConsoleLogin+and+actor:eve');
    await view.counted(6);
    await view.press('Turn around: actor:eve');
    await view.counted(1);
  });

  it('takes a condition away', async () => {
    await open('?q=event_name:ConsoleLogin+and+actor:eve');
    await view.press('Remove: actor:eve');
    await view.counted(7);
  });

  it('mends a query by what the server says of it', async () => {
    await open();
    await view.search('event_name:ConsoleLogin and nosuchfield:x');
    await view.page.locator('.failure').waitFor();
    expect(await view.page.locator('.caret').textContent()).toMatch(/\n {28}\^{11}$/);
    await view.search('event_name:ConsoleLogin');
    await view.counted(7);
    await view.page.locator('.failure').waitFor({ state: 'detached' });
  });

  it('drops the condition because of which nothing matches', async () => {
    await open('?q=event_name:ConsoleLogin+and+actor:nobody');
    await view.page.getByText('No events match').waitFor();
    await view.press('Drop: actor:nobody');
    await view.counted(7);
  });

  it('widens the time in which nothing matches', async () => {
    await open('?q=event_name:CreateVpc&from=now-1h');
    await view.page.getByText('not in this time range').waitFor();
    await view.press('Search all time');
    await view.counted(1);
  });

  it('tells which condition narrows most', async () => {
    await open('?q=actor_type:human+and+event_name:ConsoleLogin');
    await view.counted(7);
    await view.page.keyboard.press('x');
    await view.page.getByText('This condition narrows most').waitFor();
    await view.press('Drop: actor_type:human');
    await view.counted(7);
  });

  it('sorts by a column', async () => {
    await open('?q=actor_type:human&sort=event_time+desc');
    await view.hand.press(view.page.getByRole('columnheader', { name: /^Time/ }).getByRole('button').first());
    await expect.poll(() => new URL(view.page.url()).search).toContain('sort=event_time+asc');
    await expect.poll(() => view.rows.first().textContent()).toContain('CreateVpc');
  });

  it('filters for a leaf of an event, and out', async () => {
    await open('?q=event_name:StopInstances');
    await view.counted(1);
    await view.openEvent(view.rows.first());
    await view.hand.press(view.filterFor('userIdentity.userName'));
    await view.counted(1);
    await view.press('Remove: event_name:StopInstances');
    await view.counted(3);
  });

  it('finds what was denied', async () => {
    await open();
    await view.hand.press(view.facetValue('Error', 'AccessDenied'));
    await view.counted(1);
    await view.listed('PutBucketPolicy');
  });

  it('finds what the root user did', async () => {
    await open();
    await view.search('user_identity_type:Root');
    await view.counted(1);
  });

  it('finds who failed to log in, and from where', async () => {
    await open();
    await view.search('event_name:ConsoleLogin and event_outcome:failure');
    await view.counted(6);
    expect(await view.facetValue('Source IP', '203.0.113.66').textContent()).toContain('6');
  });

  it('changes colours, and keeps them', async () => {
    await open();
    await view.press(/^Theme: auto/);
    await view.press(/^Theme: light/);
    await view.page.reload();
    await view.page.locator('html[data-theme=dark]').waitFor();
  });

  it('lists its keys, and gives the focus back', async () => {
    await open();
    await view.press('Keyboard (?)');
    await view.dialog.getByText('Choose the time range').waitFor();
    await view.page.keyboard.press('Escape');
    await view.dialog.waitFor({ state: 'detached' });
    await view.page.locator('[aria-label="Keyboard (?)"]:focus').waitFor();
  });

  it('gives the keyboard to a dialog at once, whenever its script arrives', async () => {
    await open();
    let arrive = (): void => undefined;
    const arrived = new Promise<void>(resolve => (arrive = resolve));
    await view.page.route(/\/assets\/shortcut_dialog-/, async route => {
      await arrived;
      await route.continue();
    });
    await view.press('Keyboard (?)');
    await view.dialog.getByText('Loading…').waitFor();
    await view.page.keyboard.press('i');
    arrive();
    await view.dialog.getByText('Choose the time range').waitFor();
    expect(new URL(view.page.url()).searchParams.get('view')).toBeNull();
    await view.page.keyboard.press('Escape');
    await view.page.locator('[aria-label="Keyboard (?)"]:focus').waitFor();
  });

  it('filters deliveries by their state', async () => {
    await open();
    await view.hand.press(view.page.getByRole('link', { name: 'Ingest', exact: true }));
    await view.page.getByText('nothing is missing').waitFor();
    const list = view.page.getByRole('region', { name: 'List of deliveries' });
    await list.waitFor();
    await view.press(/^failed/);
    await view.page.getByText('0 of 0 deliveries').waitFor();
    await view.press(/^indexed/);
    await list.waitFor();
    await view.hand.write(view.page.getByLabel("Part of the object's name"), 'sa-east-1');
    await view.page.keyboard.press('Enter');
    await view.page.getByText('1 of 1 deliveries').waitFor();
  });
});
