import type { Page } from 'playwright-core';

/** A state of the page that is looked at: by axe, and as a picture. */
export interface State {
  name: string;
  /** Over a store without events. */
  isEmpty?: boolean;
  show: (page: Page, url: string) => Promise<void>;
}

function at(name: string, search: string, seen: string, then?: (page: Page) => Promise<void>): State {
  return {
    name,
    show: async (page, url) => {
      await page.goto(`${url}/${search}`);
      await page.locator(seen).first().waitFor();
      await then?.(page);
    },
  };
}

const key =
  (pressed: string, seen: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press(pressed);
    await page.locator(seen).first().waitFor();
  };

const facetPopup =
  (place: string) =>
  async (page: Page): Promise<void> => {
    const toggle = page.locator('.facets-toggle');
    if (await toggle.isVisible()) await toggle.click();
    await page.locator(`${place} .popup-button`).first().click();
    await page.locator(`${place} .popup`).waitFor();
  };

/** Facets of long values, of one of which all is shown. */
async function longValues(page: Page, url: string): Promise<void> {
  await page.addInitScript(() => {
    const fields = JSON.stringify(['user_identity_arn', 'user_agent', 'resources_arn']);
    localStorage.setItem('trailsift.facets', fields);
  });
  await page.goto(url);
  const toggle = page.locator('.facets-toggle');
  if (await toggle.isVisible()) await toggle.click();
  await page.getByRole('button', { name: 'in full: values of User agent' }).click();
}

export const kStates: readonly State[] = [
  at('search', '', '.event-row'),
  at('conditions', '?q=actor_type:human+and+not+event_name:ConsoleLogin&off=actor:bob', '.event-row'),
  at('event', '?q=event_name:RunInstances', '.event-row', async page => {
    await page.locator('.event-row .expand').first().click();
    await page.locator('.leaves tr').first().waitFor();
  }),
  at('copies', '?q=shared_event_id:*', '.copies', key('j', 'td:focus .copies-told')),
  at('copy open', '?q=shared_event_id:*', '.copies', async page => {
    await page.locator('.event-row .expand').first().click();
    await page.locator('.other-accounts').waitFor();
  }),
  at('session', '?session=ASIAIOSFODNN7EXAMPLE', '.timeline tbody tr'),
  at('life', '?resource=i-0abc1234def567890', '.life-changes'),
  { name: 'long values', show: longValues },
  at('time', '', '.event-row', async page => {
    await page.locator('.time-picker .popup-button').click();
    await page.locator('.time-picker .popup').waitFor();
  }),
  at('completion', '', '.cm-content', async page => {
    await page.locator('.cm-content').click();
    // At once, so that no list of an earlier letter takes its place while it is looked at.
    await page.keyboard.insertText('actor');
    await page.locator('.query-completion li').first().waitFor();
  }),
  at('facet menu', '', '.event-row', facetPopup('.facet-menu')),
  at('add a facet', '', '.event-row', facetPopup('.add-facet')),
  at('nothing', '?q=event_name:ConsoleLogin+and+actor:nobody', '.explain-table'),
  at(
    'explained',
    '?q=actor_type:human+and+event_name:ConsoleLogin',
    '.event-row',
    key('x', '.explain-table'),
  ),
  at('refused', '?q=actor:alice+and+nosuchfield:x', '.failure .caret'),
  at('keys', '', '.event-row', key('?', '.shortcut-groups')),
  at('export', '?q=actor:alice', '.event-row', key('e', '.translation pre')),
  at('policy', '?from=2024-06-01', '.event-row', async page => {
    await page.keyboard.press('e');
    await page.getByRole('button', { name: 'Policy that allows these calls' }).click();
    await page.locator('.policy-part .list').first().scrollIntoViewIfNeeded();
  }),
  at('save', '?q=actor:alice', '.event-row', key('s', '.save-form')),
  at('saved', '?view=saved', '#saved .panel p, #saved .panel li'),
  at('ingest', '?view=ingest', '#deliveries-title ~ .list-scroll td'),
  at('integrity', '?view=integrity&from=2024-06-01&to=2024-07-01', '.coverage', async page => {
    await page.locator('.file-list li').first().waitFor();
  }),
  at('integrity files', '?view=integrity&from=2024-06-01&to=2024-07-01', '.coverage', async page => {
    await page.locator('.file-list li').first().waitFor();
    await page.locator('#files-title').scrollIntoViewIfNeeded();
  }),
  at('about', '?view=about', '#limits-title ~ .list-scroll td'),
  {
    name: 'searching',
    show: async (page, url) => {
      await page.route('**/api/search', () => undefined);
      await page.goto(url);
      await page.locator('.skeleton').waitFor();
    },
  },
  {
    name: 'partial',
    show: async (page, url) => {
      await page.route('**/api/search', async route => {
        const response = await route.fetch();
        const answer = { ...(await response.json()), partial: { searched_events: 1000, events: 3000 } };
        await route.fulfill({ response, json: answer });
      });
      await page.goto(url);
      await page.getByText('Not all was searched:').waitFor();
    },
  },
  {
    name: 'offline',
    show: async (page, url) => {
      await page.route('**/api/search', route => route.abort());
      await page.goto(url);
      await page.locator('.offline').waitFor();
    },
  },
  { ...at('first use', '', '.steps'), isEmpty: true },
  { ...at('never verified', '?view=integrity', '.steps'), isEmpty: true },
];
