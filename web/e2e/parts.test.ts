import { describe, expect, it } from 'vitest';
import { kHands } from './hand';
import { Program } from './program';
import { opener, served } from './served';
import { deliver, kNoise, kStories } from './stories';
import type { View } from './view';

const openPage = opener(served(() => Program.over({ fill: logs => deliver(logs) })));

describe.each(kHands)('%s', (_, handOf) => {
  let view: View;
  const open = async (search = ''): Promise<void> => {
    view = await openPage(handOf, search);
  };
  const columns = (): string | null => new URL(view.page.url()).searchParams.get('cols');

  it('completes a field and one of its values, with its count', async () => {
    await open();
    await view.hand.write(view.query, 'acto');
    await view.hand.choose(view.completion(/^actor(?!_)/));
    await view.asked('actor:');
    await view.page.keyboard.insertText('ev');
    await expect.poll(() => view.completions.allTextContents()).toEqual(['eve6']);
    await view.hand.choose(view.completion('eve6'));
    await view.asked('actor:eve');
    await view.page.keyboard.press('Enter');
    await view.counted(6);
  });

  it('marks a stretch of the histogram to look closer, and goes back', async () => {
    await open();
    await view.counted(kStories.length);
    // What is older than four days is all noise, and nothing else is.
    await view.hand.mark(view.page.getByRole('slider', { name: /^Events by time/ }), 0.64, 1);
    await view.counted(kStories.length - kNoise);
    await view.press('Zoom back');
    await view.counted(kStories.length);
  });

  it('adds a column, moves it and takes another away', async () => {
    await open('?q=event_name:StopInstances&cols=event_time,actor');
    await view.counted(1);
    await view.press('Columns');
    await view.hand.write(view.dialog.getByLabel('Find a field'), 'user_agent');
    await view.hand.press(view.dialog.getByRole('button', { name: /^User agent/ }));
    await view.listed('aws-cli/2.15.30');
    await view.press('Move User agent to the left');
    await expect.poll(columns).toBe('event_time,user_agent,actor');
    await view.press('Remove the column Actor');
    await expect.poll(columns).toBe('event_time,user_agent');
    await view.page.keyboard.press('Escape');
    const headings = view.page.getByRole('columnheader');
    await expect.poll(() => headings.allTextContents()).toEqual(['Time↓', 'User agent']);
  });

  it('puts facets in an own order, which is kept', async () => {
    await open();
    const names = view.page.locator('.facet-name');
    const first = async (): Promise<string[]> => (await names.allTextContents()).slice(0, 2);
    const before = await first();
    expect(before.length).toBe(2);
    await view.hand.lift(names.nth(1), names.first());
    await expect.poll(first).toEqual([...before].reverse());
    await view.page.reload();
    await expect.poll(first).toEqual([...before].reverse());
  });

  it('sees who opened a session and what was done in it, and comes back', async () => {
    await open('?q=event_name:DeleteBucket');
    await view.counted(1);
    await view.openEvent(view.rows.first());
    await view.hand.press(view.page.getByRole('link', { name: 'Its session', exact: true }));
    const chain = view.page.getByRole('region', { name: 'Chain of identities' });
    await chain.getByText('AssumeRole').first().waitFor();
    expect(await chain.getByRole('listitem').first().textContent()).toContain('alice');
    const done = view.page.getByRole('region', { name: 'What was done' });
    await expect.poll(() => done.locator('tbody tr').count()).toBe(3);
    await view.hand.press(done.getByLabel('Only errors'));
    await expect.poll(() => done.locator('tbody tr').allTextContents()).toHaveLength(1);
    await view.hand.press(view.page.getByRole('link', { name: 'Back to the search' }));
    await view.counted(1);
  });
});
