import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Hand, HandOf } from './hand';
import { watchedPage, type Watch } from './watched_page';

/** The page as journeys see it: what is called how stands here alone. */
export class View {
  readonly hand: Hand;

  private constructor(
    private readonly watch: Watch,
    handOf: HandOf,
    private readonly url: string,
  ) {
    this.hand = handOf(watch.page);
  }

  static async open(browser: Browser, url: string, handOf: HandOf, search = ''): Promise<View> {
    const view = new View(await watchedPage(browser, url), handOf, url);
    await view.goto(search);
    return view;
  }

  get page(): Page {
    return this.watch.page;
  }

  get faults(): string[] {
    return this.watch.faults;
  }

  async goto(search: string): Promise<void> {
    await this.page.goto(`${this.url}/${search}`);
    // The editor takes the place of the plain field when it has come.
    await this.page.locator('.cm-content, .page-view').first().waitFor();
  }

  /** Closes the page, which must have done nothing that it must not. */
  async close(): Promise<void> {
    await this.page.close();
    expect(this.faults).toEqual([]);
  }

  get query(): Locator {
    return this.page.locator('.search-bar').getByRole('combobox', { name: 'Query', exact: true });
  }

  /** What the query says now. */
  async queryText(): Promise<string> {
    return this.query.evaluate(field => {
      if (field instanceof HTMLInputElement) return field.value;
      const copy = field.cloneNode(true) as HTMLElement;
      copy.querySelectorAll('.cm-placeholder').forEach(one => one.remove());
      return copy.textContent ?? '';
    });
  }

  /** Waits until the query says so. */
  async asked(query: string): Promise<void> {
    await expect.poll(() => this.queryText()).toBe(query);
  }

  async search(query: string): Promise<void> {
    await this.hand.write(this.query, query);
    await this.page.keyboard.press('Enter');
  }

  /** What is offered to complete the query. */
  get completions(): Locator {
    return this.page.locator('.query-completion').getByRole('option');
  }

  completion(text: string | RegExp): Locator {
    return this.completions.filter({ hasText: text }).first();
  }

  /** Waits until so many events answer. */
  async counted(total: number): Promise<void> {
    const text = new RegExp(`of ${total.toLocaleString('en-US')} events?\\b`);
    await this.page.locator('.count-line', { hasText: text }).waitFor();
  }

  get rows(): Locator {
    return this.page.locator('.event-row');
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Waits until there is a row with each of these. */
  async listed(...texts: string[]): Promise<void> {
    for (const text of texts) await this.row(text).waitFor();
  }

  /** Opens the event of a row, and waits for its fields. */
  async openEvent(row: Locator): Promise<void> {
    await this.hand.press(row.locator('.expand'));
    await this.page.locator('.leaves tr').first().waitFor();
  }

  /** The button that searches for the value of a leaf of the open event. */
  filterFor(path: string): Locator {
    return this.page.locator('.leaves').getByRole('button', { name: new RegExp(`^Filter for ${path}: `) });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });
  }

  async press(name: string | RegExp): Promise<void> {
    await this.hand.press(this.button(name));
  }

  facet(title: string): Locator {
    return this.page.locator('.facets').getByRole('region', { name: title, exact: true });
  }

  facetValue(title: string, value: string): Locator {
    return this.facet(title).locator('.facet-value', { hasText: value });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }
}
